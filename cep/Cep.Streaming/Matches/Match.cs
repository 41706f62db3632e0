using Cep.Evaluation;
using Cep.Rules;

namespace Cep.Streaming.Matches;

/// <summary>Whether a rule's pattern was completed.</summary>
public enum MatchKind
{
    /// <summary>It was.</summary>
    Match,

    /// <summary>A partial match ran out of time.</summary>
    Timeout,
}

/// <summary>The events that one step took.</summary>
/// <param name="Step">The step's name.</param>
/// <param name="Events">In order of event time; at least one.</param>
public sealed record StepEvents(string Step, IReadOnlyList<StreamEvent> Events);

/// <summary>What a rule tells: the events that met its pattern, and what it computed of them.</summary>
/// <remarks>Immutable, and safe to hand to another thread.</remarks>
public sealed record Match
{
    private string? _id;
    private readonly Severity? _severity;

    /// <summary>The rule.</summary>
    public required Rule Rule { get; init; }

    /// <summary>Whether the pattern was completed, or ran out of time.</summary>
    public required MatchKind Kind { get; init; }

    /// <summary>32 hexadecimal digits: the same for the same rule version and the same events, also after a replay of the same input.</summary>
    /// <remarks>Made when it is first asked for: by the thread that writes it, and not at all for a match that is only counted.</remarks>
    public string Id
    {
        get => _id ??= MatchId.Of(Rule, Kind, Taken);
        init => _id = value;
    }

    /// <summary>The events from first to last, which make the id.</summary>
    internal IReadOnlyList<EventNode> Taken { get; init; } = [];

    /// <summary>What found it: the same for rules that look for the same before and after a swap.</summary>
    internal CompiledPattern? Pattern { get; init; }

    /// <summary>Its place in the order of outputs: event time, then the order given with it.</summary>
    internal (long TimeMs, long Order) EmittedAt { get; init; }

    /// <summary>The values of the key's fields; empty for a rule without a key.</summary>
    public required IReadOnlyList<object?> Key { get; init; }

    /// <summary>Event time of the first event, Unix milliseconds.</summary>
    public required long StartMs { get; init; }

    /// <summary>Event time of the last event; of an absence, the deadline; of a timeout, the end of its window. Unix milliseconds.</summary>
    public required long EndMs { get; init; }

    /// <summary>Event time at which it became certain, Unix milliseconds.</summary>
    public required long DetectedMs { get; init; }

    /// <summary>How bad it is. Default: <see cref="Rule.Severity"/>.</summary>
    public Severity Severity { get => _severity ?? Rule.Severity; init => _severity = value; }

    /// <summary>The values of the rule's measures, in their order: <see cref="Rule.Measures"/> of a match, <see cref="Rule.TimeoutMeasures"/> of a timeout.</summary>
    public required IReadOnlyList<object?> Measures { get; init; }

    /// <summary>What <see cref="Measures"/> are the values of.</summary>
    internal IReadOnlyList<Measure> DeclaredMeasures => Kind == MatchKind.Timeout ? Rule.TimeoutMeasures ?? [] : Rule.Measures;

    /// <summary>The events by step, in the order in which the steps first took one.</summary>
    public required IReadOnlyList<StepEvents> Steps { get; init; }

    /// <summary>How many alerts of the rule with the same values were not told since the last that was: by <see cref="Rule.Suppression"/>. Default: 0.</summary>
    public long Suppressed { get; init; }

    /// <summary>How many alerts of the rule were not told since the last that was: by <see cref="Rule.Limit"/>. Default: 0.</summary>
    public long Limited { get; init; }
}
