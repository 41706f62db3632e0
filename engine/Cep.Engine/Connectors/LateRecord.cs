namespace Cep.Engine.Connectors;

/// <summary>A record that came after the watermark had promised that none so old would; operators do not see it.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Value">What the record carries.</param>
/// <param name="TimestampMs">Its event time, Unix milliseconds.</param>
/// <param name="WatermarkMs">The watermark it was behind; at least <paramref name="TimestampMs"/>.</param>
/// <param name="Sequence">Its place in the whole input.</param>
/// <param name="SourceName">The source it was read from.</param>
public readonly record struct LateRecord<T>(T Value, long TimestampMs, long WatermarkMs, long Sequence, string SourceName);
