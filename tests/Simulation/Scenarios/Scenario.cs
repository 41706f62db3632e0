using Cep.Differential.Cases;
using Cep.Engine.Checkpoints;
using Cep.Engine.Runtime;
using Cep.Simulation.Programs;
using Cep.Simulation.Scheduling;
using Cep.Simulation.World;

namespace Cep.Simulation.Scenarios;

/// <summary>What one seed draws: a program, its input, how its processes run, and what befalls them.</summary>
internal sealed class Scenario
{
    private const int MaxTurns = 400_000;

    private readonly SplitMix64 _random;

    public Scenario(ulong seed)
    {
        _random = new SplitMix64(seed);
        Pace = new Pace(_random.OneOf(3, 20, 60), _random.OneOf(200, 2_000, 20_000), _random.OneOf<int[]>([1], [1, 10], [1, 1, 100]), MaxTurns);
        Program = DrawProgram(seed);
        StoreFaultRate = _random.OneOf(0, 0.01, 0.03, 0.1);
        FlipsBits = _random.Chance(30);
        EpochPositions = _random.OneOf(16, 100, 2048);
        SliceBytes = _random.OneOf(10, 300, 256 * 1024);
        Processes = _random.From(1, 4);
        Settings = new CheckpointSettings
        {
            IntervalMs = _random.Chance(10) ? null : Ms(_random.OneOf(1, 100, 1_000)),
            MinimumPauseMs = Ms(_random.OneOf(1, 1, 100)),
            TimeoutMs = Ms(_random.OneOf(500, 5_000, 1_000_000)),
            TolerableFailures = _random.From(0, 5),
            Retained = _random.From(1, 3),
            MaxChainSegments = _random.OneOf(1, 3, 16),
        };
    }

    public Pace Pace { get; }

    public SimulatedProgram Program { get; }

    public CheckpointSettings Settings { get; }

    /// <summary>After how many pieces of input an epoch ends.</summary>
    public int EpochPositions { get; }

    /// <summary>How much of a snapshot is written between two batches.</summary>
    public long SliceBytes { get; }

    public double StoreFaultRate { get; }

    public bool FlipsBits { get; }

    /// <summary>How long a slow store is slow.</summary>
    public TimeSpan Slowness => TimeOf(300);

    /// <summary>How many processes something befalls, before one that runs undisturbed to the end.</summary>
    public int Processes { get; }

    /// <summary>What befalls the next process.</summary>
    /// <param name="turns">About how many turns an undisturbed process takes.</param>
    public ProcessPlan NextProcess(long turns)
    {
        var plan = new ProcessPlan
        {
            Parallelism = _random.From(1, 4),
            Restart = DrawRestart(),
            CodeFailures = _random.OneOf(0, 1, 3),
            CallsBetweenFailures = _random.OneOf(300, 2_000, 8_000),
            // Where no checkpoint is ever complete, a job may fail and restart without end: that ends too.
            KillAtTurn = _random.Chance(50) ? 1 + _random.Below((int)(_random.OneOf(1, 5, 20) * turns)) : 50_000 + 10 * turns,
            Requests = [.. Enumerable.Range(0, _random.OneOf(0, 1, 3)).Select(_ => new Request(RequestKind.Savepoint, Moment(turns))), .. DrawStop(turns)],
            Seed = _random.Next(),
        };
        return plan with { Requests = [.. plan.Requests, .. DrawSwaps(turns, plan.KillAtTurn)] };
    }

    /// <summary>Whether a process runs without checkpoints first; what it writes is its own.</summary>
    public bool DrawBareProcess() => Program is RulesOverFiles && _random.Chance(40);

    /// <summary>What befalls a process without checkpoints: it is asked for other rules.</summary>
    /// <param name="turns">About how many turns an undisturbed process takes.</param>
    public ProcessPlan BareProcess(long turns) => LastProcess() with { Requests = [.. DrawSwaps(turns, killAtTurn: null), .. DrawStop(turns)] };

    /// <summary>A process that nothing befalls.</summary>
    public ProcessPlan LastProcess() => new()
    {
        Parallelism = _random.From(1, 4),
        Restart = RestartStrategy.None,
        Requests = [],
        Seed = _random.Next(),
    };

    private SimulatedProgram DrawProgram(ulong seed) => _random.Below(10) switch
    {
        < 2 => new WordCounts(InputDrawing.Draw(_random, isLive: false)),
        < 4 => new WordVisits(InputDrawing.Draw(_random, isLive: false)),
        < 6 => new BusyWindows(InputDrawing.Draw(_random, isLive: false), _random.Chance(50)),
        < 8 => new RulesOverFiles((int)(seed % 1_000_000), _random.OneOf(50, 400, 1_500), _random.From(1, 3), _random.OneOf<int?>(null, 900, 900, 5_000), TimeOf(_random.OneOf(0, 10, 60))),
        _ => new LiveRecords(InputDrawing.Draw(_random, isLive: true)),
    };

    /// <summary>At any moment, or shortly before the process is killed.</summary>
    private Request[] DrawSwaps(long turns, long? killAtTurn) => Program is not RulesOverFiles ? []
        : [.. Enumerable.Range(0, _random.OneOf(0, 2, 5, 12)).Select(_ => new Request(RequestKind.Swap,
            killAtTurn is { } turn && _random.Chance(25) ? TimeOf(Math.Max(0, turn - _random.Below(500))) : TimeOf(_random.Below((int)(_random.OneOf(1, 2, 5) * turns)))))];

    private Request[] DrawStop(long turns) => _random.Chance(20) ? [new Request(RequestKind.Stop, Moment(turns))] : [];

    private TimeSpan Moment(long turns) => TimeOf(_random.Below((int)(_random.OneOf(1, 5, 20) * turns)));

    /// <summary>How long so many turns take.</summary>
    private TimeSpan TimeOf(long turns) => TimeSpan.FromTicks(turns * Pace.TurnTicks / 2);

    private long Ms(long turns) => (long)Math.Ceiling(TimeOf(turns).TotalMilliseconds);

    private RestartStrategy DrawRestart() => _random.Below(4) switch
    {
        0 => RestartStrategy.None,
        1 => RestartStrategy.FixedDelay(_random.From(1, 5), TimeOf(_random.OneOf(0, 300))),
        2 => RestartStrategy.FailureRate(3, TimeOf(3_000), TimeOf(100)),
        _ => RestartStrategy.ExponentialDelay(TimeOf(10), TimeOf(200), TimeOf(1_000)),
    };
}

/// <summary>What befalls one process.</summary>
internal sealed record ProcessPlan
{
    public required int Parallelism { get; init; }

    public required RestartStrategy Restart { get; init; }

    /// <summary>How often code of the program throws, at most.</summary>
    public int CodeFailures { get; init; }

    public int CallsBetweenFailures { get; init; } = 1;

    /// <summary>When it is killed; null for never.</summary>
    public long? KillAtTurn { get; init; }

    public required IReadOnlyList<Request> Requests { get; init; }

    /// <summary>Decides who runs when.</summary>
    public required ulong Seed { get; init; }
}

/// <summary>What somebody asks a running job for.</summary>
internal enum RequestKind
{
    Savepoint,
    Swap,
    Stop,
}

/// <summary>Something that is asked of a running job.</summary>
/// <param name="Kind">What.</param>
/// <param name="After">When, from the start of its process.</param>
internal sealed record Request(RequestKind Kind, TimeSpan After);
