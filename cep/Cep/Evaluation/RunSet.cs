namespace Cep.Evaluation;

/// <summary>All that one rule remembers of one key: its partial matches, and the matches held back by the skip strategy.</summary>
/// <remarks>Changed only by the <see cref="RunEvaluator"/> that made it, on one thread.</remarks>
internal sealed class RunSet
{
    /// <summary>The partial matches; the run that waits for a first event is among them.</summary>
    public RunQueue Partial { get; } = new();

    /// <summary>Matches that wait for a partial match that began earlier.</summary>
    public RunQueue Completed { get; } = new();

    /// <summary>
    /// Partial matches that a match dropped which became certain by a deadline, while no event has come since: they are still told as timeouts if they
    /// run out of time before one does. In Flink time goes from one event of the key to the next at once, so there they ran out with the others.
    /// </summary>
    public List<Run> Dropped { get; } = [];

    /// <summary>
    /// Which states have runs: bit i for state i, bit 63 for all from 63 on. An event that moves no run of these states leaves the set as it is.
    /// </summary>
    public ulong States { get; set; }

    /// <summary>The deadline for which the operator has set a timer; <see cref="long.MaxValue"/> for none.</summary>
    public long TimerMs { get; set; } = long.MaxValue;
}
