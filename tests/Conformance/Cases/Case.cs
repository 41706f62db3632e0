using System.Text.Json.Serialization;

namespace Cep.Conformance.Cases;

/// <summary>One fact about Flink CEP: a pattern, the events it is shown, and what Flink's operator answers.</summary>
/// <remarks>The fields are those of the case files; their README explains each. A field that is not listed here is an error, never ignored.</remarks>
public sealed record Case
{
    /// <summary>Unique over all files.</summary>
    public required string Id { get; init; }

    /// <summary>For people; null for none.</summary>
    public string? Notes { get; init; }

    /// <summary>The field that is the key; null for one partition.</summary>
    public string? KeyedBy { get; init; }

    /// <summary>The events in order of arrival; their positions are their names in the answer.</summary>
    public IReadOnlyList<CaseEventRow> Events { get; init; } = [];

    /// <summary>When the watermark moves; null for "after each event, to its time - 1".</summary>
    public IReadOnlyList<CaseWatermark>? Watermarks { get; init; }

    /// <summary>What is looked for.</summary>
    public required CasePattern Pattern { get; init; }

    /// <summary>What Flink answers.</summary>
    public CaseExpectation Expect { get; init; } = new();

    /// <summary>Whether Flink emits one match several times here; we emit it once.</summary>
    public bool FlinkRepeats { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>One event of a case; <c>T</c> in milliseconds.</summary>
public sealed record CaseEventRow(long T, long Id, string Name, double Price, double? Volume = null, string? Type = null);

/// <summary>After the event at position <c>After</c> the watermark stands at <c>T</c>, unless it stands higher already.</summary>
public sealed record CaseWatermark(int After, long T);

/// <summary>The pattern of a case.</summary>
public sealed record CasePattern(IReadOnlyList<CaseStep> Steps, CaseSkip? Skip = null, CaseWithin? Within = null)
{
    /// <summary>The steps that take events, those in groups too, in order.</summary>
    [JsonIgnore]
    public IEnumerable<CaseStep> EventSteps => Flatten(Steps);

    /// <summary>Whether a window limits a gap: before a step, or between two rounds of a loop.</summary>
    [JsonIgnore]
    public bool HasGap => Within is { IsGap: true } || EventSteps.Any(s => s.LoopWindowMs is not null);

    private static IEnumerable<CaseStep> Flatten(IEnumerable<CaseStep> steps) => steps.SelectMany(s => s.Group is null ? [s] : Flatten(s.Group));
}

/// <summary>One step: <c>Var</c> for one that takes events, <c>Group</c> for one made of others.</summary>
public sealed record CaseStep
{
    /// <summary><c>begin next followed_by followed_by_any</c>.</summary>
    public required string Link { get; init; }

    /// <summary>Whether the step forbids events.</summary>
    public bool Not { get; init; }

    /// <summary>The step's name; null for a group.</summary>
    public string? Var { get; init; }

    /// <summary>The steps of a group; null for a step of its own.</summary>
    public IReadOnlyList<CaseStep>? Group { get; init; }

    /// <summary>The condition in the neutral expression language; null for none.</summary>
    public string? Where { get; init; }

    /// <summary>The type an event must have; null for any.</summary>
    public string? Type { get; init; }

    /// <summary>How often; null for once.</summary>
    public CaseQuantifier? Quantifier { get; init; }

    /// <summary>Whether the step, or its whole loop, may be left out.</summary>
    public bool Optional { get; init; }

    /// <summary>Whether the loop withholds events from the next step.</summary>
    public bool Greedy { get; init; }

    /// <summary><c>relaxed consecutive combinations</c>; null for relaxed.</summary>
    public string? Inner { get; init; }

    /// <summary>The condition that ends the loop; null for none.</summary>
    public string? Until { get; init; }

    /// <summary>The window between two rounds of the loop, in milliseconds; null for none.</summary>
    public long? LoopWindowMs { get; init; }
}

/// <summary>A range of rounds; no <c>Max</c> means unbounded, a <c>Min</c> of 0 "the loop, optional".</summary>
public sealed record CaseQuantifier(int Min = 1, int? Max = null);

/// <summary>What a match drops: <c>no_skip to_next past_last to_first to_last</c>.</summary>
public sealed record CaseSkip(string Kind, string? Var = null, bool Throw = false);

/// <summary>A window: <c>first_last</c> for the whole pattern, <c>previous_current</c> for the gap before step <c>On</c>, by default the last.</summary>
public sealed record CaseWithin(long Ms, string Mode = "first_last", string? On = null)
{
    /// <summary>Whether the window limits a gap instead of the whole.</summary>
    [JsonIgnore]
    public bool IsGap => Mode == "previous_current";
}

/// <summary>What Flink answers: matches and timeouts, or a rejection, or whether the pattern can match nothing.</summary>
public sealed record CaseExpectation
{
    /// <summary>The matches once the stream has ended: positions of events by step.</summary>
    public IReadOnlyList<Dictionary<string, int[]>>? Matches { get; init; }

    /// <summary>The partial matches that ran out of time.</summary>
    public IReadOnlyList<CaseTimeout>? Timeouts { get; init; }

    /// <summary>Positions of the events that came too late; null for none.</summary>
    public IReadOnlyList<int>? Late { get; init; }

    /// <summary>How many matches there are when the watermark stands at the last event; null for all.</summary>
    public int? MatchesBeforeEnd { get; init; }

    /// <summary>Why the pattern is rejected; null when it is not.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the pattern can match nothing; null when that is not asked.</summary>
    public bool? CanMatchEmpty { get; init; }

    /// <summary>Why Flink gave no answer to a generated case; null when it did.</summary>
    public string? Refused { get; init; }
}

/// <summary>A partial match that ran out of time, and when; <c>At</c> is null where Flink's own stamp means nothing.</summary>
public sealed record CaseTimeout(Dictionary<string, int[]> Events, long? At = null);
