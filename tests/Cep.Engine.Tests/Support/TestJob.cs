using Cep.Engine.Connectors;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.Runtime;
using Cep.Engine.Time;

namespace Cep.Engine.Tests.Support;

/// <summary>A job over some sources with one operator, every output kept.</summary>
internal sealed class TestJob
{
    private readonly Job<Event, string> _job;
    private readonly MemorySink<string> _main = new();

    public TestJob(params Source<Event>[] sources)
        : this(new JobOptions(), () => new Echo(), sources)
    {
    }

    public TestJob(JobOptions options, Func<Operator<Event, string>> create, params Source<Event>[] sources)
    {
        _job = new Job<Event, string>(options).AddOperator("test", new ByKey(), create)
            .WriteTo(_main).WriteLateTo(Late).WriteMalformedTo(Malformed);
        foreach (Source<Event> source in sources) _job.AddSource(source);
    }

    public MemorySink<LateRecord<Event>> Late { get; } = new();

    public MemorySink<MalformedRecord> Malformed { get; } = new();

    public JobResult Result { get; private set; } = null!;

    public JobProgress Progress => _job.Progress;

    public static MemorySource<Event> Source(string name, long delayMs, params IEnumerable<Event> events) =>
        new(name, events, e => e.TimestampMs, WatermarkStrategy.BoundedOutOfOrderness(delayMs));

    /// <summary>Runs the job and gives what was written to the main output; a job that hangs fails.</summary>
    public IReadOnlyList<string> Run()
    {
        Task<JobResult> running = _job.RunAsync();
        if (Task.WaitAny([running], Hang.Limit) < 0) throw new TimeoutException("The job hangs.");
        Result = running.GetAwaiter().GetResult();
        return _main.Values;
    }
}
