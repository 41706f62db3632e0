using System.Diagnostics.Metrics;
using System.Globalization;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.State;
using Cep.Engine.Streams;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Cep.Engine.Timers;

namespace Cep.Engine.Tests.Checkpoints;

/// <summary>An application of keyed operators beside each other, each with an output of its own, that can be stopped at a savepoint and gone on with in another shape.</summary>
/// <param name="operators">What each operator is called; several may do the same.</param>
internal sealed class CountingApplication(params (string Uid, Func<KeyedProcessFunction<string, Event, string>> Function)[] operators)
{
    private const int Records = 6_000;

    private readonly Dictionary<string, MemorySink<string>> _written = operators.ToDictionary(op => op.Uid, _ => new MemorySink<string>());

    public int Parallelism { get; init; } = 2;

    /// <summary>The operators whose state has another name in what the application begins from, and those of it that may be left out.</summary>
    public (Dictionary<string, string> Renamed, HashSet<string> Dropped) Consent { get; init; } = ([], []);

    /// <summary>Also takes what the first operator emits.</summary>
    public Sink<string>? Also { get; init; }

    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>Called when the savepoint is complete and the input stands still.</summary>
    public Action WhileHeld { get; init; } = () => { };

    /// <summary>In the order of time: what is emitted for a record at once has an order that does not depend on where epochs end.</summary>
    public static IReadOnlyList<Event> Input { get; } = Events();

    /// <summary>What an operator has written, in order.</summary>
    public IReadOnlyList<string> Written(string uid) => _written[uid].Values;

    /// <summary>Runs to the end of the input.</summary>
    /// <param name="from">A savepoint to begin from; null for none.</param>
    /// <param name="input">What is read; null for <see cref="Input"/>.</param>
    public void Run(string? from = null, IEnumerable<Event>? input = null)
    {
        Task<JobResult> running = Environment(from, input ?? Input).RunAsync();
        if (Task.WaitAny([running], Hang.Limit) < 0) throw new TimeoutException("The job hangs.");
        running.GetAwaiter().GetResult();
    }

    /// <summary>Takes a savepoint when the input stands at a record; nothing is read meanwhile.</summary>
    /// <param name="number">The record.</param>
    /// <param name="savepoint">The folder of the savepoint.</param>
    /// <param name="stops">Whether the application stops there, or goes on to the end.</param>
    /// <param name="from">A savepoint to begin from; null for none.</param>
    public async Task SavepointAt(int number, string savepoint, bool stops, string? from = null)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var goOn = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        StreamEnvironment environment = Environment(from, Held(number, reached, goOn));
        Task<JobResult> running = environment.RunAsync(stop.Token);
        await reached.Task.WaitAsync(Hang.Limit);
        // What the source has handed on may still lie before the operators; it is to be part of the savepoint, as nothing else is.
        Hang.Until(() => environment.Progress.Records == number - number % Batch.Capacity);
        using (CheckpointStore store = Savepoint.Create(savepoint)) await environment.SavepointAsync(store).WaitAsync(Hang.Limit);
        WhileHeld();
        if (stops) await stop.CancelAsync();
        goOn.Set();
        await running.WaitAsync(Hang.Limit);
    }

    private StreamEnvironment Environment(string? from, IEnumerable<Event> input)
    {
        var checkpoints = new CheckpointOptions
        {
            Store = new MemoryCheckpointStore(),
            Settings = new CheckpointSettings { IntervalMs = null },
            From = from is null ? null : Savepoint.Open(from),
            Renamed = Consent.Renamed,
            Dropped = Consent.Dropped,
        };
        var environment = new StreamEnvironment(new JobOptions { Parallelism = Parallelism, Checkpoints = checkpoints, MeterFactory = MeterFactory });
        var source = new MemorySource<Event>("events", input, e => e.TimestampMs, WatermarkStrategy.BoundedOutOfOrderness(50));
        KeyedStream<string, Event> events = environment.From(source).KeyBy(e => e.Key);
        foreach ((string uid, Func<KeyedProcessFunction<string, Event, string>> function) in operators)
        {
            OperatorStream<string> stream = events.Process(function).Uid(uid);
            stream.To(_written[uid], uid);
            if (Also is { } also && uid == operators[0].Uid) stream.To(also, "also");
        }

        return environment;
    }

    private static IEnumerable<Event> Held(int number, TaskCompletionSource reached, ManualResetEventSlim goOn)
    {
        foreach (Event e in Input)
        {
            if (e.Number == number)
            {
                reached.SetResult();
                goOn.Wait();
            }

            yield return e;
        }
    }

    private static Event[] Events()
    {
        // Written out: a savepoint in the repository goes on with the same input, whatever random numbers a later platform makes.
        ulong state = 1;
        var events = new Event[Records];
        for (int i = 0; i < Records; i++)
        {
            state = unchecked(state * 6364136223846793005 + 1442695040888963407);
            events[i] = new Event($"k{(state >> 33) % 40}", 1_000_000 + 10L * i + (long)((state >> 45) % 10), i);
        }

        return events;
    }
}

/// <summary>Numbers the records of a key.</summary>
/// <param name="step">How much a record counts.</param>
internal sealed class Count(int step = 1) : KeyedProcessFunction<string, Event, string>
{
    private ValueState<long> _count = null!;

    public override void Open(StateContext context) => _count = context.State(new ValueStateDescriptor<long>("count"));

    public override void ProcessElement(Event value, KeyedContext<string> context, Collector<string> output)
    {
        _count.Value += step;
        output.Emit(string.Create(CultureInfo.InvariantCulture, $"{value} {_count.Value}"));
    }
}

/// <summary>Adds up the numbers of a key's records by second: state by key and second, and timers.</summary>
internal sealed class Sums : KeyedProcessFunction<string, Event, string>
{
    private const long SecondMs = 1_000;

    private MapState<long, long> _sums = null!;

    public override void Open(StateContext context) => _sums = context.State(new MapStateDescriptor<long, long>("sums"));

    public override void ProcessElement(Event value, KeyedContext<string> context, Collector<string> output)
    {
        long endMs = value.TimestampMs - value.TimestampMs % SecondMs + SecondMs;
        _sums[endMs] = (_sums.TryGet(endMs, out long sum) ? sum : 0) + value.Number;
        context.RegisterEventTimer(endMs);
    }

    public override void OnTimer(long timeMs, TimerDomain domain, KeyedContext<string> context, Collector<string> output)
    {
        output.Emit(string.Create(CultureInfo.InvariantCulture, $"{context.Key} {timeMs}: {_sums[timeMs]}"));
        _sums.Remove(timeMs);
    }
}
