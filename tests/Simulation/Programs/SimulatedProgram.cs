using Cep.Differential.Cases;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Cep.Simulation.Scheduling;
using Cep.Simulation.World;

namespace Cep.Simulation.Programs;

/// <summary>Where a program runs: once without disturbance, then in processes that fail.</summary>
internal abstract class ProgramPlace
{
    public required JobOptions Options { get; init; }

    public required SimulatedScheduler Scheduler { get; init; }

    public required CodeFaults Faults { get; init; }

    public required Guarantees Guarantees { get; init; }

    /// <summary>Decides what a process does of its own accord; null in the undisturbed run.</summary>
    public SplitMix64? Random { get; init; }

    /// <summary>The sink of one of the program's outputs.</summary>
    public abstract Sink<T> SinkOf<T>(string output, Func<T, string> format);
}

/// <summary>A job of a program, ready to run.</summary>
/// <param name="Run">Runs it; says whether its input was read to the end.</param>
/// <param name="Savepoint">Asks it for a savepoint.</param>
internal sealed record SimulatedJob(Func<CancellationToken, JobResult> Run, Func<CheckpointStore, Task<Manifest>> Savepoint)
{
    /// <summary>Asks it for other rules; gives what came of that, to be counted. Null for a job that has no rules.</summary>
    public Func<SplitMix64, Task<string>>? Swap { get; init; }
}

/// <summary>What a simulated job does.</summary>
internal abstract class SimulatedProgram
{
    /// <summary>What its outputs are called.</summary>
    public abstract IReadOnlyList<string> Outputs { get; }

    /// <summary>Whether an output is the same in order, and not only as a multiset.</summary>
    public virtual bool IsOrdered(string output) => false;

    /// <summary>A job of the program.</summary>
    public abstract SimulatedJob Create(ProgramPlace place);

    /// <summary>Holds what was written in the end against what should have been.</summary>
    /// <param name="expected">What an undisturbed run writes to each output.</param>
    /// <param name="actual">What was written to each.</param>
    /// <returns>What is wrong, whole sentences.</returns>
    public virtual IEnumerable<string> Differences(IReadOnlyDictionary<string, IReadOnlyList<string>> expected, IReadOnlyDictionary<string, IReadOnlyList<string>> actual)
    {
        foreach (string output in Outputs)
        {
            if (Difference(output, expected[output], actual[output]) is { } difference) yield return $"{output}: {difference}.";
        }
    }

    /// <summary>Holds what was written in the end against what those who asked were told.</summary>
    /// <returns>What is wrong, whole sentences.</returns>
    public virtual IEnumerable<string> BrokenAnswers(IReadOnlyDictionary<string, IReadOnlyList<string>> actual) => [];

    /// <summary>Holds what was written to one output in the end against what should have been.</summary>
    /// <param name="output">The output's name.</param>
    /// <param name="expected">What an undisturbed run writes to it.</param>
    /// <param name="actual">What was written.</param>
    /// <returns>What is wrong; null for nothing.</returns>
    public virtual string? Difference(string output, IReadOnlyList<string> expected, IReadOnlyList<string> actual) =>
        Difference(expected, actual, IsOrdered(output));

    /// <summary>The first difference of two outputs; null for none.</summary>
    public static string? Difference(IReadOnlyList<string> expected, IReadOnlyList<string> actual, bool isOrdered)
    {
        if (!isOrdered) (expected, actual) = ([.. expected.Order(StringComparer.Ordinal)], [.. actual.Order(StringComparer.Ordinal)]);
        for (int i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            if (i < expected.Count && i < actual.Count && expected[i] == actual[i]) continue;
            return $"line {i} of {actual.Count} is {(i < actual.Count ? actual[i] : "missing")} instead of {(i < expected.Count ? expected[i] : "nothing")}, the last";
        }

        return null;
    }
}

/// <summary>A program of streams over splits of words.</summary>
internal abstract class StreamProgram(IReadOnlyList<SimulatedInput> inputs) : SimulatedProgram
{
    public IReadOnlyList<SimulatedInput> Inputs => inputs;

    public override SimulatedJob Create(ProgramPlace place)
    {
        var environment = new StreamEnvironment(place.Options);
        SourceStream<Token>[] sources = [.. inputs.Select(input => environment.From(new SimulatedSource(input, place.Scheduler, place.Faults)))];
        Define(sources, place);
        return new SimulatedJob(environment.Run, environment.SavepointAsync);
    }

    /// <summary>Puts the streams together.</summary>
    protected abstract void Define(SourceStream<Token>[] sources, ProgramPlace place);

    /// <summary>All records that are in time.</summary>
    protected static DataStream<Token> All(SourceStream<Token>[] sources) => sources[0].Union([.. sources.Skip(1)]);
}
