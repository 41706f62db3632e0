using Cep.Evaluation;
using Cep.Evaluation.Snapshots;
using Cep.Engine.Streams;
using Cep.Matching;
using Cep.Streaming;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;

namespace Cep.Simulation.Rules;

/// <summary>What one rule finds in events in order of time, by the bare evaluator: every key in a dictionary, every deadline searched for. Nothing here knows of lanes, timers, watermarks or snapshots.</summary>
internal sealed class ReferenceRule
{
    private const long NoDeadline = long.MaxValue;

    private sealed class KeyRuns
    {
        public RunSet? Runs { get; set; }

        public long DeadlineMs { get; set; } = NoDeadline;
    }

    private readonly Dictionary<string, KeyRuns> _keys = [];
    private readonly List<Completion> _completions = [];
    private readonly RunEvaluator _evaluator;
    private long _soonestMs = NoDeadline;
    private RuleGroup _group = null!;
    private CompiledRule _rule = null!;
    private MatchBuilder _builder = null!;

    public ReferenceRule(PatternSet patterns, string name)
    {
        GoOnAs(patterns, name);
        _evaluator = new RunEvaluator(_rule.Pattern, _rule.Rule.Partials);
    }

    /// <summary>Takes the matches and timeouts.</summary>
    public required Action<Match> OnMatch { get; init; }

    /// <summary>Takes the failure, after which the rule tells nothing more.</summary>
    public required Action<RuleError> OnError { get; init; }

    public bool HasFailed { get; private set; }

    public string Name => _rule.Rule.Name;

    /// <summary>Goes on as a rule that looks for the same.</summary>
    public void GoOnAs(PatternSet patterns, string name)
    {
        _rule = patterns.Find(name)!;
        _group = patterns.Groups.First(group => group.Rules.Contains(_rule));
        _builder = new MatchBuilder(_group);
    }

    /// <summary>Takes over the partial matches of a rule in whose place this one is, unless it has failed; deadlines that have passed by now pass next.</summary>
    public void CarryFrom(ReferenceRule before, long watermarkMs)
    {
        var carrier = new RunSetCarrier(_rule.Pattern);
        foreach ((string key, KeyRuns old) in before._keys)
        {
            if (old.Runs is null || before.HasFailed) continue;
            RunSet carried = carrier.Carry(old.Runs);
            _evaluator.Adopt(carried);
            _keys.Add(key, new KeyRuns());
            Take(_keys[key], carried, watermarkMs == long.MaxValue ? NoDeadline : watermarkMs + 1);
        }
    }

    /// <summary>Begins no more partial matches.</summary>
    public void BeginNone() => _evaluator.BeginNone();

    public void Offer(in StreamRecord<StreamEvent> record)
    {
        PassDeadlines(record.TimestampMs);
        StreamEvent e = record.Value;
        if (HasFailed || !_rule.Reads(e.Stream) || !_group.Keys[e.Stream]!.Hash(e.Value, out _)) return;
        string key = string.Join('|', _group.KeyOf(e));
        if (_rule.Unless.Hold(e, record.TimestampMs, new RuleCounts()) && _keys.TryGetValue(key, out KeyRuns? off) && off.Runs is { } runs)
        {
            Take(off, _evaluator.Cancel(runs, record.TimestampMs, _completions), long.MinValue);
            Tell(record.TimestampMs, record.Sequence);
        }

        if (!_rule.Accepts(e, record.TimestampMs, null) || !_evaluator.Begin(e.Value, record.TimestampMs, record.Sequence, e.Stream)) return;
        if (!_keys.TryGetValue(key, out KeyRuns? of)) _keys.Add(key, of = new KeyRuns());
        if (!_evaluator.MayMove(of.Runs)) return;
        try
        {
            Take(of, _evaluator.OnEvent(of.Runs, _completions), record.TimestampMs + 1);
            Tell(record.TimestampMs, record.Sequence);
        }
        catch (PatternEvaluationException problem)
        {
            Fail(problem, e, e, record.TimestampMs);
        }
    }

    /// <summary>Lets every deadline at or before a time pass, each at its own time.</summary>
    public void PassDeadlines(long upToMs)
    {
        while (!HasFailed && _soonestMs <= upToMs && _keys.Values.MinBy(of => of.DeadlineMs) is { } next)
        {
            long deadlineMs = _soonestMs = next.DeadlineMs;
            if (deadlineMs > upToMs || deadlineMs == NoDeadline) return;
            try
            {
                Take(next, _evaluator.AdvanceTime(next.Runs!, deadlineMs, _completions), long.MinValue);
                Tell(deadlineMs, 0);
            }
            catch (PatternEvaluationException problem)
            {
                Fail(problem, null, new StreamEvent(problem.Match!.Stream, problem.Match.Value), deadlineMs);
            }
        }
    }

    private void Take(KeyRuns of, RunSet? runs, long earliestMs)
    {
        of.Runs = runs;
        of.DeadlineMs = runs is null or { NextDeadlineMs: NoDeadline } ? NoDeadline : Math.Max(runs.NextDeadlineMs, earliestMs);
        _soonestMs = Math.Min(_soonestMs, of.DeadlineMs);
    }

    private void Tell(long timeMs, long order)
    {
        foreach (Completion completion in _completions)
        {
            if ((completion.IsTimeout ? _rule.OfTimeouts : _rule.OfMatches) is { } alert) OnMatch(_builder.Build(_rule, alert, completion, timeMs, order, new RuleCounts()));
        }

        _completions.Clear();
    }

    private void Fail(PatternEvaluationException problem, StreamEvent? offered, StreamEvent ofKey, long timeMs)
    {
        HasFailed = true;
        OnError(new RuleError { Rule = _rule.Rule, Key = _group.KeyOf(ofKey), Event = offered, TimeMs = timeMs, Message = problem.Reason });
    }
}
