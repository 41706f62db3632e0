using Cep.Engine.State;

namespace Cep.Engine.Streams;

/// <summary>Adds up the values of a key, and emits the sum at each.</summary>
internal sealed class RunningReduce<TKey, T>(Func<T, T, T> reduce) : KeyedProcessFunction<TKey, T, T>
    where TKey : notnull
{
    private ReducingState<T> _sum = null!;

    public override void Open(StateContext context) => _sum = context.State(new ReducingStateDescriptor<T>("sum", reduce));

    public override void ProcessElement(T value, KeyedContext<TKey> context, Collector<T> output)
    {
        _sum.Add(value);
        if (_sum.TryGet(out T? sum)) output.Emit(sum);
    }
}
