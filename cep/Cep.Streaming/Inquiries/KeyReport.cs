using Cep.Explain;
using Cep.Rules;

namespace Cep.Streaming.Inquiries;

/// <summary>Events of a stream that the rule's pre-filter dropped.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Dropped">How many events of the key were dropped.</param>
/// <param name="Clauses">The clauses of the filter, with how often each failed.</param>
/// <param name="Last">The last event dropped; its <see cref="ExplainedEvent.Step"/> is the stream.</param>
public sealed record FilterReport(string Stream, long Dropped, IReadOnlyList<ClauseCount> Clauses, ExplainedEvent Last);

/// <summary>An event of the key that came too late to be matched.</summary>
/// <param name="Event">The event; its <see cref="ExplainedEvent.Step"/> is the stream.</param>
/// <param name="WatermarkMs">The time that had passed when it came, Unix milliseconds.</param>
public sealed record LateEvent(ExplainedEvent Event, long WatermarkMs);

/// <summary>What a rule made of the events of one key, and what kept events from it.</summary>
public sealed record KeyReport
{
    /// <summary>The rule.</summary>
    public required Rule Rule { get; init; }

    /// <summary>The values of the key's fields; empty for a rule without a key.</summary>
    public required IReadOnlyList<object?> Key { get; init; }

    /// <summary>Event time up to which was looked, Unix milliseconds; null for the end of the input, where every deadline passes.</summary>
    public long? AtMs { get; init; }

    /// <summary>Events of the streams that the rule reads, of any key, in time.</summary>
    public required long Events { get; init; }

    /// <summary>Those of the key.</summary>
    public required long EventsOfKey { get; init; }

    /// <summary>Those of the key that were offered to the pattern.</summary>
    public required long Offered { get; init; }

    /// <summary>Those whose key has a null field, so that they are of no key.</summary>
    public required long WithoutKey { get; init; }

    /// <summary>By stream, what the pre-filter dropped of the key; streams of which nothing was dropped are left out.</summary>
    public required IReadOnlyList<FilterReport> Filtered { get; init; }

    /// <summary>Late events of the key, in order of arrival.</summary>
    public required IReadOnlyList<LateEvent> Late { get; init; }

    /// <summary>Records of the input that are no events.</summary>
    public required long Malformed { get; init; }

    /// <summary>Those in which the text of the key occurs, at most 3: source, line and reason.</summary>
    public required IReadOnlyList<string> MalformedOfKey { get; init; }

    /// <summary>Event time of the newest event read, Unix milliseconds; null where there was none.</summary>
    public required long? NewestMs { get; init; }

    /// <summary>Other keys that occur, as <see cref="Keys.KeyText"/> writes them; at most 100,000. Empty where the key itself occurs.</summary>
    public required IReadOnlyCollection<string> OtherKeys { get; init; }

    /// <summary>What the pattern made of the events.</summary>
    public required PatternReport Pattern { get; init; }

    /// <summary>The name of the stream that an event of the report came on.</summary>
    public string StreamOf(object e) => Rule.Inputs.First(i => i.Stream.EventType.ClrType.IsInstanceOfType(e)).Stream.Name;
}
