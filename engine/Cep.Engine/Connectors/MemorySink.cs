namespace Cep.Engine.Connectors;

/// <summary>Keeps what is written in a list.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <param name="name">For messages.</param>
public sealed class MemorySink<T>(string name = "memory") : Sink<T>(name)
{
    private readonly List<T> _values = [];

    /// <summary>The values in the order written; to be read after the job has ended.</summary>
    public IReadOnlyList<T> Values => _values;

    /// <inheritdoc/>
    public override void Write(in T value) => _values.Add(value);
}
