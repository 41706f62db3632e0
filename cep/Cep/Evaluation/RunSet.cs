namespace Cep.Evaluation;

/// <summary>All that one rule remembers of one key: its partial matches, and the matches held back by the skip strategy.</summary>
/// <remarks>Changed only by the <see cref="RunEvaluator"/> that made it, on one thread. Keys are many, so what few of them need is made when it is needed.</remarks>
internal sealed class RunSet
{
    private RunQueue? _completed;
    private List<Run>? _dropped;

    /// <summary>The partial matches; the run that waits for a first event is among them.</summary>
    public RunQueue Partial { get; } = new();

    /// <summary>Matches that wait for a partial match that began earlier.</summary>
    public RunQueue Completed => _completed ??= new();

    /// <summary>The completed matches, without making room for any.</summary>
    public ReadOnlySpan<Run> CompletedItems => _completed is null ? [] : _completed.Items;

    public bool HasCompleted => _completed is { Count: > 0 };

    /// <summary>
    /// Partial matches that a match dropped which became certain by a deadline, while no event has come since: they are still told as timeouts if they
    /// run out of time before one does. In Flink time goes from one event of the key to the next at once, so there they ran out with the others.
    /// </summary>
    public List<Run> Dropped => _dropped ??= [];

    /// <summary>What was dropped, without making room for any.</summary>
    public ReadOnlySpan<Run> DroppedItems => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_dropped);

    public bool HasDropped => _dropped is { Count: > 0 };

    /// <summary>
    /// Which states have runs: bit i for state i, bit 63 for all from 63 on. An event that moves no run of these states leaves the set as it is.
    /// </summary>
    public ulong States { get; set; }

    /// <summary>The event time at which the next deadline passes; <see cref="long.MaxValue"/> for none. May be too early, never too late.</summary>
    public long NextDeadlineMs { get; set; } = long.MaxValue;

    /// <summary>The deadline for which the operator has set a timer; <see cref="long.MaxValue"/> for none.</summary>
    public long TimerMs { get; set; } = long.MaxValue;
}
