namespace Cep.Engine.Time;

/// <summary>What the values of a watermark mean: a watermark <c>w</c> says that no more records with a timestamp of <c>w</c> or less will
/// come.</summary>
public static class Watermark
{
    /// <summary>Nothing is known yet. No record can be late against it but one stamped with this very value.</summary>
    public const long None = long.MinValue;

    /// <summary>The input has ended: every deadline is due.</summary>
    public const long End = long.MaxValue;

    /// <summary>Whether a record came after the watermark that promised it would not.</summary>
    /// <param name="timestampMs">The record's event time, Unix milliseconds.</param>
    /// <param name="watermarkMs">The watermark before the record is taken into account.</param>
    public static bool IsLate(long timestampMs, long watermarkMs) => timestampMs <= watermarkMs;
}
