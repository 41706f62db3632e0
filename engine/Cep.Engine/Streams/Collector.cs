using Cep.Engine.Graph;
using Cep.Engine.Operators;

namespace Cep.Engine.Streams;

/// <summary>Takes what a function emits to one output, with the time and order of the record or timer that is processed.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <remarks>
/// What a record causes is written in the order of (time, sequence) of the records; what a timer causes after that of all records of its time, by key group.
/// So the written output does not depend on parallelism. For the operator's thread only.
/// </remarks>
public sealed class Collector<T>
{
    private readonly Output<T>? _output;
    private readonly RecordPlace? _place;
    private readonly Step<T>? _next;

    internal Collector(Output<T> output, RecordPlace place)
    {
        _output = output;
        _place = place;
    }

    internal Collector(Step<T> next) => _next = next;

    /// <summary>Whether anyone reads this output.</summary>
    public bool IsConnected => _output?.IsConnected ?? true;

    /// <summary>Emits a value; it is not changed any more.</summary>
    public void Emit(T value)
    {
        if (_next is not null) _next.Push(value);
        else _output!.Emit(value, _place!.TimestampMs, _place.Order);
    }
}
