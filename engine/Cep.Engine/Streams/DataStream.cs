using Cep.Engine.Connectors;
using Cep.Engine.Graph;
using Cep.Engine.Keys;

namespace Cep.Engine.Streams;

/// <summary>A stream of values, each with its time: what a source reads, an operator emits, or a function makes of these.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <remarks>
/// Functions given to <see cref="Map{TOut}"/>, <see cref="Filter"/> and <see cref="FlatMap{TOut}"/> have no effects and keep nothing: several threads call them, and after a failure they
/// are called again. What they throw fails the job.
/// </remarks>
public class DataStream<T>
{
    internal DataStream(StreamEnvironment environment, IReadOnlyList<StreamPath<T>> paths)
    {
        Environment = environment;
        Paths = paths;
    }

    /// <summary>The job that the stream is part of.</summary>
    public StreamEnvironment Environment { get; }

    internal IReadOnlyList<StreamPath<T>> Paths { get; }

    /// <summary>The stream of what a function makes of each value, with the value's time.</summary>
    public DataStream<TOut> Map<TOut>(Func<T, TOut> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return Then<TOut>(next => new MapStep<T, TOut>(map, next));
    }

    /// <summary>The stream of the values of which a condition holds.</summary>
    public DataStream<T> Filter(Predicate<T> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Then<T>(next => new FilterStep<T>(condition, next));
    }

    /// <summary>The stream of any number of values for each, with its time and in the order in which they are emitted.</summary>
    /// <param name="flatMap">Emits to the collector, in the call only.</param>
    public DataStream<TOut> FlatMap<TOut>(Action<T, Collector<TOut>> flatMap)
    {
        ArgumentNullException.ThrowIfNull(flatMap);
        return Then<TOut>(next => new FlatMapStep<T, TOut>(flatMap, next));
    }

    /// <summary>The values of this stream and of others.</summary>
    /// <exception cref="ArgumentException">A stream is of another job.</exception>
    public DataStream<T> Union(params DataStream<T>[] others)
    {
        ArgumentNullException.ThrowIfNull(others);
        if (Array.Exists(others, other => other.Environment != Environment)) throw new ArgumentException("A stream is of another job.", nameof(others));
        return new DataStream<T>(Environment, [.. Paths, .. others.SelectMany(other => other.Paths)]);
    }

    /// <summary>The stream with each value belonging to a key: those of one key are seen by one subtask.</summary>
    /// <param name="keyOf">The key of a value; the same for the same value at any time.</param>
    /// <param name="keyType">The type of the keys; null for that which <see cref="KeyType.Of{TKey}"/> gives.</param>
    /// <exception cref="NotSupportedException">Keys of this type have no stable hash; the message names the part.</exception>
    public KeyedStream<TKey, T> KeyBy<TKey>(Func<T, TKey> keyOf, KeyType<TKey>? keyType = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(keyOf);
        return new KeyedStream<TKey, T>(this, keyOf, keyType ?? KeyType.Of<TKey>());
    }

    /// <summary>Writes the stream to a sink, in the order that <see cref="Operators.Output{T}"/> says.</summary>
    /// <param name="sink">Written by this job alone.</param>
    /// <param name="uid">Names its transactions in checkpoints; null for the name of what it is attached to.</param>
    /// <returns>This stream.</returns>
    public DataStream<T> To(Sink<T> sink, string? uid = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        Environment.AddSink(this, sink, uid);
        return this;
    }

    private DataStream<TOut> Then<TOut>(Func<Step<TOut>, Step<T>> stage) => new(Environment, [.. Paths.Select(path => path.Then(stage))]);
}

/// <summary>The records of a source that are in time.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
public sealed class SourceStream<T> : DataStream<T>
{
    private readonly SourceNode<T> _node;

    internal SourceStream(StreamEnvironment environment, SourceNode<T> node)
        : base(environment, [new StreamPath<T, T>(node.Records, null)]) => _node = node;

    /// <summary>The records that came after the watermark, in input order. Windows with allowed lateness see them too.</summary>
    public DataStream<LateRecord<T>> Late => new(Environment, [new StreamPath<LateRecord<T>, LateRecord<T>>(_node.Late, null)]);

    /// <summary>The pieces of input that were no records, in input order.</summary>
    public DataStream<MalformedRecord> Malformed => new(Environment, [new StreamPath<MalformedRecord, MalformedRecord>(_node.Malformed, null)]);
}

/// <summary>The main output of an operator.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class OperatorStream<T> : DataStream<T>
{
    private readonly OperatorNode _node;

    internal OperatorStream(StreamEnvironment environment, OperatorNode node, StreamRoot<T> main)
        : base(environment, [new StreamPath<T, T>(main, null)]) => _node = node;

    /// <summary>Names the operator in messages, and its state in checkpoints: it must stay when the program changes.</summary>
    /// <param name="uid">Unique in the job.</param>
    /// <returns>This stream.</returns>
    /// <exception cref="ArgumentException">The uid is taken, or is <c>sources</c> or begins with <c>sink/</c>.</exception>
    public OperatorStream<T> Uid(string uid)
    {
        Environment.Rename(_node, uid);
        return this;
    }

    /// <summary>What the operator emits to a side output.</summary>
    public DataStream<TSide> SideOutput<TSide>(OutputTag<TSide> tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return new DataStream<TSide>(Environment, [new StreamPath<TSide, TSide>(_node.Side(tag), null)]);
    }
}
