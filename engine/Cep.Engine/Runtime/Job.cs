using Cep.Engine.Connectors;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.Streams;

namespace Cep.Engine.Runtime;

/// <summary>Sources, the keyed operators that see their records, and the sinks that take what the operators emit.</summary>
/// <typeparam name="TIn">The type of the records.</typeparam>
/// <typeparam name="TOut">The type of the operators' main output.</typeparam>
/// <remarks>
/// <code>
/// source ─ split thread ─┐               ┌─ operator 'a', subtask 0 ─┐
/// source ─ split thread ─┼─ source merge ┼─ operator 'a', subtask 1 ─┼─ sink thread ─ sinks
/// source ─ split thread ─┘               └─ operator 'b', subtask 0 ─┘
/// </code>
/// Every box is one thread, every line a bounded channel of batches. Each operator sees every record its partitioner takes. Build it with the
/// methods below on one thread, then run it once.
/// </remarks>
public sealed class Job<TIn, TOut>
{
    private readonly JobOptions _options;
    private readonly List<Source<TIn>> _sources = [];
    private readonly List<OperatorVertex<TIn, TOut>> _operators = [];
    private readonly List<JobOutput> _outputs = [];
    private bool _started;

    /// <summary>A job without sources, operators or sinks.</summary>
    /// <param name="options">How it runs; null for the defaults.</param>
    public Job(JobOptions? options = null) => _options = options ?? new JobOptions();

    /// <summary>How far the job is; readable by any thread at any time.</summary>
    public JobProgress Progress { get; } = new();

    /// <summary>Adds an input.</summary>
    public Job<TIn, TOut> AddSource(Source<TIn> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _sources.Add(source);
        return this;
    }

    /// <summary>Adds a keyed operator.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="partitioner">Which records it takes, and by which key; used by this job and operator alone.</param>
    /// <param name="create">Makes the operator of one subtask; called once for each, in order, on the thread that runs the job.
    /// What it throws, <see cref="Run"/> throws.</param>
    public Job<TIn, TOut> AddOperator(string name, Partitioner<TIn> partitioner, Func<Operator<TIn, TOut>> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(partitioner);
        ArgumentNullException.ThrowIfNull(create);
        _operators.Add(new OperatorVertex<TIn, TOut>(name, partitioner, create));
        return this;
    }

    /// <summary>Writes the operators' main output to a sink. Without this call it is dropped.</summary>
    /// <exception cref="InvalidOperationException">It is already written to one.</exception>
    public Job<TIn, TOut> WriteTo(Sink<TOut> sink) => Write(JobOutput.MainKey, "The main output", sink);

    /// <summary>Writes a side output of the operators to a sink. Without this call it is dropped.</summary>
    /// <exception cref="InvalidOperationException">It is already written to one.</exception>
    public Job<TIn, TOut> WriteTo<T>(OutputTag<T> tag, Sink<T> sink)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return Write(tag, $"Side output '{tag}'", sink);
    }

    /// <summary>Writes late records to a sink, in input order. Without this call they are counted only.</summary>
    /// <exception cref="InvalidOperationException">They are already written to one.</exception>
    public Job<TIn, TOut> WriteLateTo(Sink<LateRecord<TIn>> sink) => Write(JobOutput.LateKey, "The output of late records", sink);

    /// <summary>Writes malformed records to a sink, in input order. Without this call they are counted only.</summary>
    /// <exception cref="InvalidOperationException">They are already written to one.</exception>
    public Job<TIn, TOut> WriteMalformedTo(Sink<MalformedRecord> sink) => Write(JobOutput.MalformedKey, "The output of malformed records", sink);

    /// <summary>Runs the job to the end of its input, and blocks the calling thread for so long.</summary>
    /// <param name="cancel">
    /// Stops the job cleanly: no more input is taken, what was taken is processed, what is due by the last watermark is written, and the result
    /// says so.
    /// </param>
    /// <exception cref="JobException">A source, an operator or a sink failed. Every thread has ended, but for one blocked reading a live
    /// source.</exception>
    /// <exception cref="InvalidOperationException">The job has no source, or has run before.</exception>
    public JobResult Run(CancellationToken cancel = default)
    {
        if (_sources.Count == 0) throw new InvalidOperationException("The job has no source.");
        if (_started) throw new InvalidOperationException("The job has run before; a job runs once.");
        _started = true;
        return new JobExecution<TIn, TOut>(_options, _sources, _operators, _outputs, Progress).Run(cancel);
    }

    /// <summary><see cref="Run"/> on a thread of its own.</summary>
    /// <inheritdoc cref="Run"/>
    public Task<JobResult> RunAsync(CancellationToken cancel = default) =>
        Task.Factory.StartNew(() => Run(cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private Job<TIn, TOut> Write<T>(object key, string what, Sink<T> sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (_outputs.Exists(output => output.Key == key)) throw new InvalidOperationException($"{what} is already written to a sink.");
        _outputs.Add(new JobOutput<T>(key, sink));
        return this;
    }
}

/// <summary>A keyed operator of a job, before it is spread over subtasks.</summary>
internal sealed record OperatorVertex<TIn, TOut>(string Name, Partitioner<TIn> Partitioner, Func<Operator<TIn, TOut>> Create);
