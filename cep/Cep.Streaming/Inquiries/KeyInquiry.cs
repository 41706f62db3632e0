using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Events;
using Cep.Explain;
using Cep.Rules;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;

namespace Cep.Streaming.Inquiries;

/// <summary>Asks why a rule did, or did not, match for a key: reads inputs again as a rule job does, with its lateness and order, and watches that key.</summary>
public static class KeyInquiry
{
    private const int MalformedMax = 3;

    /// <summary>Reads the inputs to their end, and blocks the calling thread for so long.</summary>
    /// <param name="streams">The streams of the rule set.</param>
    /// <param name="rule">The rule; a draft too.</param>
    /// <param name="key">The values of the key's fields, in the CLR types of their kinds; none for a rule without a key.</param>
    /// <param name="inputs">What to read; at least one. An event log is read up to what it has at this moment.</param>
    /// <param name="atMs">Leaves out events after this time, and stops time there, Unix milliseconds; null for the end of the input.</param>
    /// <param name="cancel">Stops reading; the report is of what was read.</param>
    /// <exception cref="ArgumentException">The pattern has something wrong with it, or an input has no stream of the set.</exception>
    /// <exception cref="JobException">An input failed.</exception>
    public static KeyReport Run(
        IReadOnlyList<StreamDefinition> streams, Rule rule, IReadOnlyList<object?> key, IReadOnlyList<EventInput> inputs, long? atMs = null, CancellationToken cancel = default)
    {
        var compiled = new CompiledRule(rule, 0, streams);
        var group = RuleGroup.Of([compiled], streams)[0];
        var filters = streams.Select(s => rule.Inputs.FirstOrDefault(i => i.Stream == s)?.Where is { } where ? new FilterTrace(s.Name, where) : null).ToArray();
        var ofKey = new KeyFilter(group, rule, key, e => atMs is null || group.TimeOf(e) <= atMs);
        var inquiry = new InquiryOperator(compiled, streams, filters, atMs);
        var late = new MemorySink<LateRecord<StreamEvent>>();
        var malformed = new MemorySink<MalformedRecord>();
        var job = new Job<StreamEvent, Match>();
        foreach (var input in inputs)
            job.AddSource(RuleJob.SourceOf(input, streams, endsNow: true));
        job.AddOperator(rule.Name, ofKey, () => inquiry).WriteLateTo(late).WriteMalformedTo(malformed).Run(cancel);
        return new KeyReport
        {
            Rule = rule,
            Key = key,
            AtMs = atMs,
            Events = ofKey.Events,
            EventsOfKey = ofKey.EventsOfKey,
            Offered = inquiry.Offered,
            WithoutKey = ofKey.WithoutKey,
            NewestMs = ofKey.NewestMs,
            OtherKeys = ofKey.EventsOfKey > 0 ? [] : ofKey.OtherKeys,
            Filtered = filters.Select(f => f?.Report).OfType<FilterReport>().ToList(),
            Late = late.Values.Where(l => (atMs is null || l.TimestampMs <= atMs) && IsOfKey(group, key, l.Value)).Select(l => LateOf(streams, l)).ToList(),
            Malformed = malformed.Values.Count,
            MalformedOfKey = Mentioning(malformed.Values, rule, key),
            Pattern = inquiry.Report(),
        };
    }

    private static bool IsOfKey(RuleGroup group, IReadOnlyList<object?> key, StreamEvent e) =>
        group.Keys[e.Stream] is { } reader && reader.Values(e.Value).SequenceEqual(key);

    private static LateEvent LateOf(IReadOnlyList<StreamDefinition> streams, in LateRecord<StreamEvent> late) =>
        new(new ExplainedEvent(streams[late.Value.Stream].Name, late.Value.Value, late.TimestampMs, late.Sequence, null), late.WatermarkMs);

    /// <summary>Records that cannot be read have no key; one that holds the key's text is likely to be of it.</summary>
    private static List<string> Mentioning(IEnumerable<MalformedRecord> records, Rule rule, IReadOnlyList<object?> key)
    {
        var texts = key.Select((v, i) => ValueText.Of(rule.Inputs[0].KeyFields[i].Kind, v)).ToList();
        return records.Where(r => texts.Count > 0 && texts.TrueForAll(t => r.Text.Contains(t, StringComparison.Ordinal)))
            .Select(r => $"{r.SourceName}, line {r.Line}: {r.Reason}").Take(MalformedMax).ToList();
    }
}
