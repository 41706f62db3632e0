namespace Cep.Engine.Runtime;

/// <summary>What moves through a subtask's channel: a batch of data, or control in its exact place between batches.</summary>
internal readonly struct Element<T>
{
    private Element(ElementKind kind, Batch<T>? batch, long watermarkMs)
    {
        Kind = kind;
        Batch = batch;
        WatermarkMs = watermarkMs;
    }

    /// <summary>The input has ended; nothing follows.</summary>
    public static Element<T> EndOfInput => new(ElementKind.EndOfInput, null, 0);

    public ElementKind Kind { get; }

    /// <summary>The records of <see cref="ElementKind.Data"/>.</summary>
    public Batch<T>? Batch { get; }

    /// <summary>The time of <see cref="ElementKind.Watermark"/>, Unix milliseconds.</summary>
    public long WatermarkMs { get; }

    public static Element<T> Data(Batch<T> batch) => new(ElementKind.Data, batch, 0);

    /// <summary>Ends an epoch. The watermark may be that of the epoch before, when there were only source-side outputs to hand on.</summary>
    public static Element<T> Watermark(long watermarkMs) => new(ElementKind.Watermark, null, watermarkMs);
}

internal enum ElementKind
{
    Data,
    Watermark,
    EndOfInput,
}
