namespace Cep.Engine.Streams;

/// <summary>Names a side output: a stream of <typeparamref name="T"/> an operator emits beside its main output.</summary>
/// <typeparam name="T">The type of the side output's values.</typeparam>
/// <remarks>Two tags are the same output when they are the same object; the name is for people.</remarks>
public sealed class OutputTag<T>
{
    /// <summary>Makes a tag.</summary>
    /// <param name="name">Shown in error messages; not empty.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public OutputTag(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The name, for people.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
