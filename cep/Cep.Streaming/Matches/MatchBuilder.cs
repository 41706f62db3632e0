using System.Globalization;
using Cep.Conditions;
using Cep.Evaluation;
using Cep.Matching;
using Cep.Patterns;

namespace Cep.Streaming.Matches;

/// <summary>Makes of a completion what the rule tells of it. One thread only.</summary>
internal sealed class MatchBuilder(RuleGroup group)
{
    // Of the match at hand: the steps that took an event, in the order of their first, and by step how many events it took and how many are placed.
    private readonly List<int> _steps = [];
    private int[] _taken = [];
    private int[] _placed = [];

    /// <param name="rule">Whose match it is.</param>
    /// <param name="alert">What the rule tells of it.</param>
    /// <param name="completion">The match or timeout.</param>
    /// <param name="order">Its place among outputs of one time.</param>
    /// <param name="timeMs">The event time at which it is emitted.</param>
    /// <param name="counts">Where failures of measures are counted.</param>
    /// <exception cref="PatternEvaluationException">A measure threw.</exception>
    public Match Build(CompiledRule rule, AlertCode alert, in Completion completion, long timeMs, long order, RuleCounts counts)
    {
        var events = completion.Events();
        var key = group.KeyOf(new StreamEvent(events[0].Stream, events[0].Value));
        var (measures, severity) = alert.ComputesAnything ? alert.Of(events, Facts(rule, completion, key), counts) : (Array.Empty<object?>(), rule.Rule.Severity);
        return new Match
        {
            Rule = rule.Rule,
            Kind = completion.IsTimeout ? MatchKind.Timeout : MatchKind.Match,
            Taken = events,
            Pattern = rule.Pattern,
            EmittedAt = (timeMs, order),
            Key = key,
            StartMs = completion.StartMs,
            EndMs = EndMs(completion),
            DetectedMs = completion.AtMs,
            Severity = severity,
            Measures = measures,
            Steps = ByStep(rule, events),
        };
    }

    private static MatchFacts Facts(CompiledRule rule, in Completion completion, object?[] key) => new(
        completion.StartMs, EndMs(completion), completion.AtMs, DeadlineMs(rule, completion),
        string.Join(",", key.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture))));

    private static long EndMs(in Completion completion) => completion.IsTimeout ? completion.AtMs : completion.EndMs;

    /// <summary>The end of the window; of an absence that waits in a window of its own or in the gap of the pattern, the end of that.</summary>
    private static long? DeadlineMs(CompiledRule rule, in Completion completion)
    {
        // `=> not` waits for nothing: the next event decides it.
        if (!completion.IsTimeout && rule.Rule.Pattern.Steps is [.., { IsNegated: true, Link: Contiguity.Relaxed } not] && (not.GapMs ?? rule.Rule.Pattern.GapMs) is not null)
            return completion.EndMs;
        return rule.Rule.Pattern.WithinMs is not { } within ? null
            : completion.StartMs > long.MaxValue - within ? long.MaxValue : completion.StartMs + within;
    }

    private StepEvents[] ByStep(CompiledRule rule, EventNode[] events)
    {
        CountByStep(rule, events);
        var steps = new StepEvents[_steps.Count];
        var byStep = new StreamEvent[steps.Length][];
        for (var i = 0; i < steps.Length; i++)
        {
            byStep[i] = new StreamEvent[_taken[_steps[i]]];
            steps[i] = new StepEvents(rule.Pattern.Nfa.Steps[_steps[i]].Name, byStep[i]);
        }
        foreach (var e in events)
            byStep[_steps.IndexOf(e.Step)][_placed[e.Step]++] = new StreamEvent(e.Stream, e.Value);
        return steps;
    }

    private void CountByStep(CompiledRule rule, EventNode[] events)
    {
        var count = rule.Pattern.Nfa.Steps.Count;
        if (_taken.Length < count)
            (_taken, _placed) = (new int[count], new int[count]);
        Array.Clear(_taken);
        Array.Clear(_placed);
        _steps.Clear();
        foreach (var e in events)
        {
            if (_taken[e.Step]++ == 0)
                _steps.Add(e.Step);
        }
    }
}
