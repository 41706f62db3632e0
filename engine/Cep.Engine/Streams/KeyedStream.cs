using Cep.Engine.Graph;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.Streams.Windows;

namespace Cep.Engine.Streams;

/// <summary>A stream whose values belong to keys.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class KeyedStream<TKey, T>
    where TKey : notnull
{
    private readonly DataStream<T> _stream;

    internal KeyedStream(DataStream<T> stream, Func<T, TKey> keyOf, KeyType<TKey> keyType)
    {
        _stream = stream;
        KeyOf = keyOf;
        KeyType = keyType;
    }

    /// <summary>The key of a value.</summary>
    public Func<T, TKey> KeyOf { get; }

    /// <summary>The type of the keys.</summary>
    public KeyType<TKey> KeyType { get; }

    /// <summary>The job that the stream is part of.</summary>
    public StreamEnvironment Environment => _stream.Environment;

    /// <summary>Calls a function for every value, in the order in which they arrive, and for its timers.</summary>
    /// <param name="create">Makes the function of one subtask, and again when the job is restarted.</param>
    public OperatorStream<TOut> Process<TOut>(Func<KeyedProcessFunction<TKey, T, TOut>> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Transform("process", () => new KeyedProcessOperator<TKey, T, TOut>(KeyOf, create(), KeyType));
    }

    /// <summary>Adds up the values of each key, and emits the sum, in a wide sense, at each.</summary>
    /// <param name="reduce">The sum so far and a value, to the next sum.</param>
    public OperatorStream<T> Reduce(Func<T, T, T> reduce)
    {
        ArgumentNullException.ThrowIfNull(reduce);
        return Transform("reduce", () => new KeyedProcessOperator<TKey, T, T>(KeyOf, new RunningReduce<TKey, T>(reduce), KeyType));
    }

    /// <summary>The values in windows of event time.</summary>
    public WindowedStream<TKey, T> Window(WindowAssigner windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        return new WindowedStream<TKey, T>(this, windows, new WindowOptions<T>());
    }

    /// <summary>Has an operator of one's own work on the stream.</summary>
    /// <param name="kind">What it is, one word: part of the uid when none is given.</param>
    /// <param name="create">Makes the operator of one subtask; called once for each, in order, on the thread that runs the job, and again for all when the job is
    /// restarted. What it throws, running the job throws.</param>
    public OperatorStream<TOut> Transform<TOut>(string kind, Func<Operator<T, TOut>> create) => Transform(kind, create, takesLate: false);

    internal OperatorStream<TOut> Transform<TOut>(string kind, Func<Operator<T, TOut>> create, bool takesLate)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(create);
        var node = new OperatorNode<T, TOut>(Environment.DeriveUid(kind), new KeyPartitioner<T, TKey>(KeyOf, KeyType), create, takesLate);
        foreach (StreamPath<T> path in _stream.Paths) path.ConnectTo(node.Input);
        Environment.Add(node);
        return new OperatorStream<TOut>(Environment, node, node.Main);
    }
}
