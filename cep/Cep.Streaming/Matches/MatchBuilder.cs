using Cep.Conditions;
using Cep.Evaluation;
using Cep.Events;

namespace Cep.Streaming.Matches;

/// <summary>Makes of a completion what the rule tells of it.</summary>
internal sealed class MatchBuilder(RuleGroup group)
{
    public Match Build(CompiledRule rule, in Completion completion, RuleCounts counts)
    {
        var events = completion.Events();
        var key = group.KeyOf(events[0].Value);
        var kind = completion.IsTimeout ? MatchKind.Timeout : MatchKind.Match;
        var endMs = completion.IsTimeout ? completion.AtMs : completion.EndMs;
        return new Match
        {
            Rule = rule.Rule,
            Kind = kind,
            Id = MatchId.Of(rule.Rule, kind, events),
            Key = key,
            StartMs = completion.StartMs,
            EndMs = endMs,
            DetectedMs = completion.AtMs,
            Measures = completion.IsTimeout ? [] : rule.Measure(events, Facts(rule, completion, key), counts),
            Steps = ByStep(rule, events),
        };
    }

    private static MatchFacts Facts(CompiledRule rule, in Completion completion, object?[] key) => new(
        completion.StartMs, completion.EndMs, completion.AtMs, DeadlineMs(rule, completion),
        string.Join(",", key.Zip(rule.Rule.Inputs[0].KeyFields, (value, field) => ValueText.Of(field.Kind, value))));

    /// <summary>The end of the window; of an absence that waits in a window of its own, the end of that.</summary>
    private static long? DeadlineMs(CompiledRule rule, in Completion completion)
    {
        var pattern = rule.Rule.Pattern;
        if (pattern.Steps is [.., Patterns.EventStep { IsNegated: true } not] && (not.GapMs ?? pattern.GapMs) is not null)
            return completion.EndMs;
        return rule.Rule.Pattern.WithinMs is not { } within ? null
            : completion.StartMs > long.MaxValue - within ? long.MaxValue : completion.StartMs + within;
    }

    private List<StepEvents> ByStep(CompiledRule rule, List<EventNode> events)
    {
        var steps = new List<StepEvents>();
        foreach (var step in events.GroupBy(e => e.Step))
            steps.Add(new(rule.Pattern.Nfa.Steps[step.Key].Name, step.Select(e => group.EventOf(e.Value)).ToArray()));
        return steps;
    }
}
