namespace Cep.Engine.Runtime;

/// <summary>What moves through a subtask's channel: a batch of data, or control in its exact place between batches.</summary>
internal readonly struct Element<T>
{
    private Element(ElementKind kind, Batch<T>? batch, Control control)
    {
        Kind = kind;
        Batch = batch;
        Control = control;
    }

    /// <summary>The input has ended; nothing follows.</summary>
    public static Element<T> EndOfInput => new(ElementKind.EndOfInput, null, default);

    public ElementKind Kind { get; }

    /// <summary>The records of <see cref="ElementKind.Data"/>.</summary>
    public Batch<T>? Batch { get; }

    /// <summary>What <see cref="ElementKind.EpochEnd"/> says.</summary>
    public Control Control { get; }

    public static Element<T> Data(Batch<T> batch) => new(ElementKind.Data, batch, default);

    public static Element<T> EpochEnd(Control control) => new(ElementKind.EpochEnd, null, control);
}

internal enum ElementKind
{
    Data,
    EpochEnd,
    EndOfInput,
}
