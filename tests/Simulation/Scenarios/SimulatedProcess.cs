using Cep.Differential.Cases;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Simulation.Programs;
using Cep.Simulation.Scheduling;
using Cep.Simulation.World;

namespace Cep.Simulation.Scenarios;

/// <summary>How a process ended.</summary>
internal enum EndKind
{
    /// <summary>The input is read and everything written.</summary>
    Ended,

    /// <summary>It was asked to stop, and did.</summary>
    Stopped,

    /// <summary>The job failed, and was not restarted.</summary>
    Failed,

    /// <summary>It was killed.</summary>
    Killed,

    /// <summary>It did not begin, as no checkpoint is whole.</summary>
    Refused,
}

/// <summary>How a process ended.</summary>
/// <param name="Reason">Why, where it did not end well.</param>
internal sealed record ProcessEnd(EndKind Kind, string? Reason = null);

/// <summary>A savepoint that was asked for.</summary>
/// <param name="Store">Where it lies.</param>
/// <param name="Manifest">What it consists of; null when it was not taken.</param>
/// <param name="Before">What had been written at its barrier, by output.</param>
internal sealed record TakenSavepoint(CheckpointStore Store, Manifest? Manifest, IReadOnlyDictionary<string, IReadOnlyList<string>> Before);

/// <summary>One process that runs a job, from its start to its end; and those who ask it for something.</summary>
internal sealed class SimulatedProcess
{
    private readonly ProcessPlan _plan;
    private readonly Scenario _scenario;
    private readonly SplitMix64 _random;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(CheckpointStore Store, Task<Manifest> Taken)> _asked = [];
    private readonly List<Task> _askedForSwap = [];
    private readonly object _swapGate = new();
    private bool _isSwapping;
    private readonly Dictionary<Manifest, IReadOnlyDictionary<string, IReadOnlyList<string>>> _before = new(ReferenceEqualityComparer.Instance);
    private ProcessEnd? _end;

    /// <summary>A process that has not begun.</summary>
    /// <param name="plan">What befalls it.</param>
    /// <param name="scenario">What it runs.</param>
    /// <param name="trace">Notes what is done.</param>
    /// <param name="ticks">The time.</param>
    public SimulatedProcess(ProcessPlan plan, Scenario scenario, ScheduleTrace trace, long ticks)
    {
        _plan = plan;
        _scenario = scenario;
        _random = new SplitMix64(plan.Seed);
        Scheduler = new SimulatedScheduler(_random, scenario.Pace, trace, ticks, plan.KillAtTurn);
    }

    public SimulatedScheduler Scheduler { get; }

    /// <summary>The savepoints that were asked for.</summary>
    public List<TakenSavepoint> Savepoints { get; } = [];

    /// <summary>What happened how often.</summary>
    public Dictionary<string, int> Counts { get; } = [];

    /// <summary>Runs it to its end.</summary>
    /// <param name="store">Where its checkpoints lie; null for a process without.</param>
    /// <param name="from">The savepoint it begins from; null for none.</param>
    /// <param name="guarantees">Held against what happens.</param>
    /// <param name="outputs">Where it writes to.</param>
    /// <param name="breakage">What is broken on purpose.</param>
    /// <param name="isLast">Whether checkpoints have all the time they need.</param>
    public ProcessEnd Run(
        CheckpointStore? store, Savepoint? from, Guarantees guarantees, IReadOnlyDictionary<string, SimulatedOutput> outputs, Breakage breakage, bool isLast)
    {
        CheckpointSettings settings = isLast ? _scenario.Settings with { TimeoutMs = 3_600_000 } : _scenario.Settings;
        CheckpointOptions? checkpoints = store is null ? null : new CheckpointOptions
        {
            Store = store, Settings = settings, Restart = _plan.Restart, From = from, Listener = new Listening(this, guarantees, outputs),
        };
        var place = new ProcessPlace(outputs, breakage, from is not null, isBare: store is null)
        {
            Random = _random,
            Options = new JobOptions { Parallelism = _plan.Parallelism, TimeProvider = Scheduler, EpochPositions = _scenario.EpochPositions, SliceBytes = _scenario.SliceBytes, Checkpoints = checkpoints },
            Scheduler = Scheduler,
            Faults = new CodeFaults(_random, _plan.CodeFailures, _plan.CallsBetweenFailures),
            Guarantees = guarantees,
        };
        SimulatedJob job = _scenario.Program.Create(place);
        Scheduler.Run(() => Live(job));
        if (!Scheduler.IsKilled) Answer(guarantees);
        return _end ?? new ProcessEnd(EndKind.Killed, Scheduler.Failure);
    }

    private void Live(SimulatedJob job)
    {
        foreach (Request request in _plan.Requests) Scheduler.Start($"asks for {request.Kind}", () => Ask(job, request));
        try
        {
            JobResult result = job.Run(_stop.Token);
            _end = new ProcessEnd(result.IsCanceled ? EndKind.Stopped : EndKind.Ended);
        }
        catch (JobException problem)
        {
            _end = new ProcessEnd(EndKind.Failed, problem.ToString());
        }
        catch (CorruptSnapshotException problem) when (problem.Message.StartsWith("No checkpoint is whole", StringComparison.Ordinal))
        {
            _end = new ProcessEnd(EndKind.Refused, problem.Message);
        }
    }

    private void Ask(SimulatedJob job, Request request)
    {
        Scheduler.Delay(request.After);
        switch (request.Kind)
        {
            case RequestKind.Savepoint: AskForSavepoint(job); break;
            case RequestKind.Swap: AskForSwap(job); break;
            case RequestKind.Stop: Scheduler.AtOnce(_stop.Cancel); break;
        }
    }

    private void AskForSavepoint(SimulatedJob job)
    {
        var truth = new MemoryCheckpointStore();
        var store = new FaultyCheckpointStore(_random.Below(int.MaxValue), _scenario.StoreFaultRate / 3) { Inner = truth, WhenSlow = BeSlow };
        try
        {
            _asked.Add((truth, job.Savepoint(store)));
        }
        catch (InvalidOperationException problem) when (problem.Message == "The job is not running.")
        {
            // Too early or too late: that is an answer.
        }
    }

    /// <summary>One swap is asked for after the other: a job puts them in this order itself, but on threads that are not simulated.</summary>
    private void AskForSwap(SimulatedJob job)
    {
        lock (_swapGate)
        {
            while (_isSwapping) Scheduler.Wait(_swapGate);
            _isSwapping = true;
        }

        Count("swaps asked");
        _askedForSwap.Add(AwaitSwap(job));
    }

    private async Task AwaitSwap(SimulatedJob job)
    {
        string outcome = await job.Swap!(_random).ConfigureAwait(false);
        if (Scheduler.IsKilled) return;
        Count(outcome);
        lock (_swapGate)
        {
            _isSwapping = false;
            Scheduler.PulseAll(_swapGate);
        }
    }

    /// <summary>Notes that something happened.</summary>
    private void Count(string what) => Counts[what] = Counts.GetValueOrDefault(what) + 1;

    /// <summary>What a slow store does.</summary>
    public ValueTask BeSlow()
    {
        Scheduler.Delay(_scenario.Slowness);
        return ValueTask.CompletedTask;
    }

    /// <summary>Everyone who asked has an answer when the job has ended.</summary>
    private void Answer(Guarantees guarantees)
    {
        foreach (Task swap in _askedForSwap)
        {
            guarantees.Check(swap.IsCompleted, "The job has ended, and somebody who asked for a swap has no answer.");
            guarantees.Check(!swap.IsFaulted, $"A swap failed as none should: {swap.Exception}");
        }

        foreach ((CheckpointStore store, Task<Manifest> taken) in _asked)
        {
            guarantees.Check(taken.IsCompleted, "The job has ended, and somebody who asked for a savepoint has no answer.");
            if (taken.IsCompletedSuccessfully)
                Savepoints.Add(new TakenSavepoint(store, taken.Result, _before[taken.Result]));
            else
                Savepoints.Add(new TakenSavepoint(store, null, new Dictionary<string, IReadOnlyList<string>>()));
        }
    }

    private sealed class ProcessPlace(IReadOnlyDictionary<string, SimulatedOutput> outputs, Breakage breakage, bool beginsAnew, bool isBare) : ProgramPlace
    {
        public override Sink<T> SinkOf<T>(string output, Func<T, string> format) => isBare
            ? new PlainSink<T>(outputs[output], format, Scheduler)
            : new SimulatedSink<T>(outputs[output], format, Scheduler, Faults, breakage) { BeginsAnew = beginsAnew };
    }

    private sealed class Listening(SimulatedProcess process, Guarantees guarantees, IReadOnlyDictionary<string, SimulatedOutput> outputs) : CheckpointListener
    {
        /// <summary>What lies before a savepoint has to be kept at once: its number is given again after a failure, since it leaves nothing in the store of checkpoints.</summary>
        public override void Completed(Manifest manifest)
        {
            process.Count(manifest.IsSavepoint ? "savepoints taken" : "checkpoints");
            if (manifest.IsSavepoint) process._before[manifest] = outputs.ToDictionary(o => o.Key, o => o.Value.Before(manifest.CheckpointId));
        }

        public override void Failed(long checkpointId, string reason) => process.Count("checkpoints given up");

        public override void Restored(Manifest manifest) => process.Count("restores");

        public override void Restarting(JobException failure, TimeSpan pause) => process.Count("restarts");

        public override void Refused(RefusedCheckpoint checkpoint)
        {
            if (!process.Scheduler.IsKilled) guarantees.IsDamaged = true;
        }
    }
}
