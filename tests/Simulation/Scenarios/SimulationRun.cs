using Cep.Differential.Cases;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Simulation.Programs;
using Cep.Simulation.Scheduling;
using Cep.Simulation.World;

namespace Cep.Simulation.Scenarios;

/// <summary>What came of one seed.</summary>
/// <param name="Trace">Everything that was decided and done, as one number.</param>
/// <param name="Violations">The promises that were broken; empty when all were kept.</param>
/// <param name="Counts">What happened how often, to see that the seeds try what they should.</param>
internal sealed record SimulationResult(ulong Trace, IReadOnlyList<string> Violations, IReadOnlyDictionary<string, int> Counts);

/// <summary>The whole course of one seed: an undisturbed run; processes that fail, are killed and go on from what the one before left; and one that ends the work.</summary>
internal sealed class SimulationRun
{
    private readonly Scenario _scenario;
    private readonly Breakage _breakage;
    private readonly ScheduleTrace _trace = new();
    private readonly MemoryCheckpointStore _truth = new();
    private readonly FaultyCheckpointStore _faulty;
    private readonly Guarantees _guarantees;
    private readonly Dictionary<string, SimulatedOutput> _outputs;
    private readonly Dictionary<string, int> _counts = [];
    private readonly List<TakenSavepoint> _savepoints = [];
    private SimulatedProcess? _process;
    private long _ticks = TimeSpan.TicksPerDay;

    public SimulationRun(ulong seed, Breakage breakage = Breakage.None)
    {
        _scenario = new Scenario(seed);
        _breakage = breakage;
        _guarantees = new Guarantees(_truth);
        _outputs = _scenario.Program.Outputs.ToDictionary(name => name, name => new SimulatedOutput(name, _guarantees));
        _faulty = new FaultyCheckpointStore((int)(seed % int.MaxValue), _scenario.StoreFaultRate) { Inner = _truth, FlipsBits = _scenario.FlipsBits, WhenSlow = () => _process!.BeSlow() };
    }

    /// <summary>Runs the course to its end, or to the first promise that is broken.</summary>
    public SimulationResult Run()
    {
        Count(_scenario.Program.GetType().Name);
        var straight = new StraightRun(_scenario, _trace);
        string? problem = straight.Run();
        _guarantees.Check(problem is null, $"The undisturbed run: {problem}");
        if (_scenario.DrawBareProcess()) RunBare(straight);
        bool hasEnded = false;
        for (int i = 0; i < _scenario.Processes && !hasEnded && _guarantees.Violations.Count == 0; i++)
            hasEnded = RunProcess(_scenario.NextProcess(straight.Turns), isLast: false);
        if (!hasEnded && _guarantees.Violations.Count == 0) hasEnded = RunProcess(_scenario.LastProcess(), isLast: true);
        if (hasEnded && _guarantees.Violations.Count == 0) CheckOutputs(straight);
        (_scenario.Program as IDisposable)?.Dispose();
        foreach ((string kind, int count) in _faulty.Faults) _counts[$"store: {kind}"] = count;
        return new SimulationResult(_trace.Hash, _guarantees.Violations, _counts);
    }

    /// <summary>A process without checkpoints, that writes to outputs of its own.</summary>
    private void RunBare(StraightRun straight)
    {
        var process = new SimulatedProcess(_scenario.BareProcess(straight.Turns), _scenario, _trace, _ticks);
        var outputs = _outputs.Keys.ToDictionary(name => name, name => new SimulatedOutput(name, _guarantees));
        ProcessEnd end = process.Run(store: null, from: null, _guarantees, outputs, Breakage.None, isLast: true);
        Count($"process without checkpoints {end.Kind}");
        foreach ((string what, int count) in process.Counts) Count($"{what} without checkpoints", count);
        _guarantees.Check(process.Scheduler.Failure is null && end.Kind is EndKind.Ended or EndKind.Stopped, $"A process without checkpoints: {end.Reason ?? process.Scheduler.Failure}");
        var actual = outputs.Values.ToDictionary(output => output.Name, output => output.Written);
        CheckNone(_scenario.Program.BrokenAnswers(actual), "Without checkpoints, ");
        // One that is stopped has read a part only.
        if (end.Kind == EndKind.Ended) CheckNone(_scenario.Program.Differences(straight.Outputs, actual), "Without checkpoints, ");
    }

    /// <returns>Whether the job has ended: its input is read and its output written, or nothing is left to go on from.</returns>
    private bool RunProcess(ProcessPlan plan, bool isLast)
    {
        var process = new SimulatedProcess(plan, _scenario, _trace, _ticks);
        _process = process;
        CheckpointStore store = isLast ? _truth : _faulty;
        if (_breakage == Breakage.StoreForgets) store = new ForgetfulStore(store);
        ProcessEnd end = process.Run(
            new SimulatedStore(store, process.Scheduler, _trace), from: null, _guarantees, _outputs, _breakage, isLast);
        _ticks = process.Scheduler.Ticks;
        Count($"process {end.Kind}");
        Count("turns", (int)process.Scheduler.Turns);
        foreach ((string what, int count) in process.Counts) Count(what, count);
        _guarantees.Check(process.Scheduler.Failure is null, process.Scheduler.Failure!);
        foreach (TakenSavepoint savepoint in process.Savepoints) Take(savepoint);
        if (end.Kind == EndKind.Refused)
        {
            bool mayBe = _faulty.Faults.ContainsKey("wrong bit") || _faulty.Faults.ContainsKey("half written");
            _guarantees.Check(mayBe, $"The store was not damaged, but the job does not begin: {end.Reason}");
            return true;
        }

        _guarantees.Check(!isLast || end.Kind == EndKind.Ended, $"The last process, which nothing befell, did not end the job: {end.Reason}");
        return end.Kind == EndKind.Ended;
    }

    private void Take(TakenSavepoint savepoint)
    {
        if (savepoint.Manifest is null) Count("savepoints refused");
        if (savepoint.Manifest is not null) _savepoints.Add(savepoint);
    }

    private void CheckOutputs(StraightRun straight)
    {
        if (_counts.ContainsKey($"process {EndKind.Refused}")) return;
        foreach (SimulatedOutput output in _outputs.Values)
            _guarantees.Check(!output.HasUncommitted, $"{output.Name}: the job has ended, and not everything is committed.");
        var committed = _outputs.Values.ToDictionary(output => output.Name, output => output.Committed);
        CheckNone(_scenario.Program.Differences(straight.Outputs, committed));
        if (!_guarantees.IsDamaged) CheckNone(_scenario.Program.BrokenAnswers(committed));

        foreach (TakenSavepoint savepoint in _savepoints) CheckSavepoint(savepoint, straight);
    }

    /// <summary>A job that begins from a savepoint writes what comes after it, and nothing else.</summary>
    private void CheckSavepoint(TakenSavepoint savepoint, StraightRun straight)
    {
        if (_guarantees.Violations.Count > 0) return;
        var process = new SimulatedProcess(_scenario.LastProcess(), _scenario, _trace, _ticks);
        var truth = new MemoryCheckpointStore();
        var guarantees = new Guarantees(truth);
        var outputs = _outputs.Keys.ToDictionary(name => name, name => new SimulatedOutput(name, guarantees));
        ProcessEnd end = process.Run(
            new SimulatedStore(truth, process.Scheduler, _trace), Savepoint.Open(savepoint.Store, "savepoint"), guarantees, outputs, Breakage.None, isLast: true);
        foreach (string violation in guarantees.Violations) _guarantees.Check(false, $"From a savepoint: {violation}");
        _guarantees.Check(process.Scheduler.Failure is null && end.Kind == EndKind.Ended, $"A job did not go on from a savepoint: {end.Reason ?? process.Scheduler.Failure}");
        var written = outputs.Values.ToDictionary(output => output.Name, output => (IReadOnlyList<string>)[.. savepoint.Before[output.Name], .. output.Committed]);
        CheckNone(_scenario.Program.Differences(straight.Outputs, written), "From a savepoint, ");
    }

    private void CheckNone(IEnumerable<string> problems, string where = "")
    {
        foreach (string problem in problems) _guarantees.Check(false, where + problem);
    }

    private void Count(string what, int count = 1) => _counts[what] = _counts.GetValueOrDefault(what) + count;
}

/// <summary>The undisturbed run of a program, which others are held against.</summary>
internal sealed class StraightRun(Scenario scenario, ScheduleTrace trace)
{
    private readonly Dictionary<string, MemorySink<string>> _sinks = [];

    /// <summary>What it wrote, by output.</summary>
    public Dictionary<string, IReadOnlyList<string>> Outputs => _sinks.ToDictionary(s => s.Key, s => s.Value.Values);

    /// <summary>How many turns it took.</summary>
    public long Turns { get; private set; }

    /// <returns>What went wrong; null for nothing.</returns>
    public string? Run()
    {
        var guarantees = new Guarantees(new MemoryCheckpointStore());
        var scheduler = new SimulatedScheduler(new SplitMix64(1), scenario.Pace with { SwitchPercent = 0, Weights = [1] }, trace, TimeSpan.TicksPerDay);
        var place = new StraightPlace(_sinks)
        {
            Options = new JobOptions { TimeProvider = scheduler, EpochPositions = scenario.EpochPositions },
            Scheduler = scheduler,
            Faults = CodeFaults.None,
            Guarantees = guarantees,
        };
        SimulatedJob job = scenario.Program.Create(place);
        scheduler.Run(() => job.Run(default));
        Turns = scheduler.Turns;
        return scheduler.Failure ?? guarantees.Violations.FirstOrDefault();
    }

    private sealed class StraightPlace(Dictionary<string, MemorySink<string>> sinks) : ProgramPlace
    {
        public override Sink<T> SinkOf<T>(string output, Func<T, string> format) => new Formatting<T>(sinks[output] = new MemorySink<string>(), format);
    }

    private sealed class Formatting<T>(MemorySink<string> inner, Func<T, string> format) : Sink<T>("memory")
    {
        public override void Write(in T value) => inner.Write(format(value));
    }
}
