namespace Cep.Explain;

/// <summary>What became of a partial match.</summary>
public enum PartialMatchEnd
{
    /// <summary>It is alive, and waits.</summary>
    Waiting,

    /// <summary>Its window, or the one it waited in, passed.</summary>
    OutOfTime,

    /// <summary>An event came that a <c>not</c> forbids.</summary>
    Forbidden,

    /// <summary>The very next event had to fit, and did not.</summary>
    NotNext,

    /// <summary>A match that came before it dropped it, as the skip strategy says.</summary>
    Dropped,

    /// <summary>An event came on which an <c>unless</c> of the rule holds.</summary>
    Cancelled,
}

/// <summary>One clause of an awaited step: an operand of its outermost <c>and</c>s.</summary>
/// <param name="Text">In rule text.</param>
/// <param name="Failed">On how many events it did not hold, for whatever reason.</param>
/// <param name="Unknown">On how many of those it was null.</param>
public sealed record ClauseCount(string Text, long Failed, long Unknown);

/// <summary>A step that a partial match waits for, and the events that came meanwhile and did not meet it.</summary>
public sealed record AwaitedStep
{
    /// <summary>The step's name.</summary>
    public required string Step { get; init; }

    /// <summary>Whether it waits for such events to stay away.</summary>
    public bool IsAbsence { get; init; }

    /// <summary>How many events of the step's stream came and were not taken; 0 for an absence.</summary>
    public long Events { get; init; }

    /// <summary>The clauses of the step's condition, in order; none for an absence.</summary>
    public IReadOnlyList<ClauseCount> Clauses { get; init; } = [];

    /// <summary>The last of those events, at most <see cref="EventsMax"/>, oldest first; the one that met most clauses is among them.</summary>
    public IReadOnlyList<ExplainedEvent> LastEvents { get; init; } = [];

    /// <summary>How many events are kept.</summary>
    public const int EventsMax = 3;
}

/// <summary>A partial match: the events it has taken, what it waits for, and until when.</summary>
public sealed record PartialMatchReport
{
    /// <summary>What it has taken, first to last; at least one.</summary>
    public required IReadOnlyList<ExplainedEvent> Taken { get; init; }

    /// <summary>How many events it needs at least, those taken included.</summary>
    public required int EventsNeeded { get; init; }

    /// <summary>When it runs out of time, Unix milliseconds; null for never. Where it waits for an absence, when it matches.</summary>
    public required long? DeadlineMs { get; init; }

    /// <summary>What would bring it nearer to a match; none where it is complete and held back.</summary>
    public required IReadOnlyList<AwaitedStep> Awaits { get; init; }

    /// <summary>What became of it.</summary>
    public PartialMatchEnd End { get; init; }

    /// <summary>When it ended, Unix milliseconds; null while it waits.</summary>
    public long? EndedAtMs { get; init; }

    /// <summary>The event that ended it; null where none did.</summary>
    public ExplainedEvent? EndedBy { get; init; }
}

/// <summary>A match, and why.</summary>
/// <param name="Events">First to last.</param>
/// <param name="DetectedMs">Event time at which it became certain, Unix milliseconds.</param>
public sealed record MatchReport(IReadOnlyList<ExplainedEvent> Events, long DetectedMs);

/// <summary>What a pattern made of the events of one key.</summary>
public sealed record PatternReport
{
    /// <summary>How many matches there were.</summary>
    public required long MatchCount { get; init; }

    /// <summary>The last of them, at most <see cref="MatchesMax"/>, oldest first.</summary>
    public required IReadOnlyList<MatchReport> Matches { get; init; }

    /// <summary>How many partial matches began: events that the pattern's first step took.</summary>
    public required long Begun { get; init; }

    /// <summary>The partial match that came furthest and did not match; null where none began, or all matched.</summary>
    public required PartialMatchReport? Furthest { get; init; }

    /// <summary>What the pattern waits for to begin.</summary>
    public required IReadOnlyList<AwaitedStep> Beginning { get; init; }

    /// <summary>How many matches are kept.</summary>
    public const int MatchesMax = 3;
}
