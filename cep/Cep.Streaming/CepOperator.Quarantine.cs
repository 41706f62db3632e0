using Cep.Engine.Streams;
using Cep.Evaluation;
using Cep.Matching;
using Cep.Streaming.Quarantine;

namespace Cep.Streaming;

/// <summary>What becomes of a rule that cannot be evaluated: it is reported, and stopped at the next watermark; the others go on.</summary>
internal sealed partial class CepOperator
{
    private bool Passes(RuleWork work, in StreamRecord<StreamEvent> record)
    {
        try
        {
            return work.Rule.Accepts(record.Value, record.TimestampMs, work.Counts);
        }
        catch (PatternEvaluationException e)
        {
            Fail(work, e, record.Value, null, record.TimestampMs, record.Sequence);
            return false;
        }
    }

    private RunSet? Step(RuleWork work, int slot, RunSet? before, in StreamRecord<StreamEvent> record)
    {
        if (work.Changes is { } changes)
            changes.At = slot;
        try
        {
            return work.Evaluator.OnEvent(before, _completions);
        }
        catch (PatternEvaluationException e)
        {
            Fail(work, e, record.Value, null, record.TimestampMs, record.Sequence);
            return null;
        }
    }

    private RunSet? Advance(RuleWork work, int slot, RunSet runs, long deadlineMs)
    {
        if (work.Changes is { } changes)
            changes.At = slot;
        try
        {
            return work.Evaluator.AdvanceTime(runs, deadlineMs, _completions);
        }
        catch (PatternEvaluationException e)
        {
            Fail(work, e, null, e.Match, deadlineMs, OrderOfDeadline(e.Match!));
            return null;
        }
    }

    /// <summary>Reports a failure, unless the rule has failed before in the order of outputs; here that need not be before in time.</summary>
    /// <param name="work">The rule.</param>
    /// <param name="e">What happened.</param>
    /// <param name="offered">The event that was offered; null at a deadline.</param>
    /// <param name="taken">An event of the match that it is about, for the key; null where the event offered tells it.</param>
    /// <param name="timeMs">When.</param>
    /// <param name="order">Its place among outputs of that time.</param>
    private void Fail(RuleWork work, PatternEvaluationException e, StreamEvent? offered, EventNode? taken, long timeMs, long order)
    {
        if (work.FailedAt.CompareTo((timeMs, order)) <= 0)
            return;
        work.FailedAt = (timeMs, order);
        var ofKey = taken is null ? offered!.Value : new StreamEvent(taken.Stream, taken.Value);
        var message = work.Draining is null ? e.Reason : $"{e.Reason} This is a version that is being drained; the rule that has taken its place goes on.";
        var error = new RuleError { Rule = work.Rule.Rule, Key = work.Lane.Group.KeyOf(ofKey), Event = offered, TimeMs = timeMs, Message = message };
        _errors.Emit(new OrderedError(error, order, work.Rule.Pattern), timeMs, order, work.Rule.Rank);
        work.Quarantine.Begin(timeMs);
    }

    /// <summary>Drops what a rule remembers, and offers it nothing more.</summary>
    private void Stop(RuleWork work)
    {
        work.IsStopped = true;
        work.Lane.Offer();
        for (var slot = 0; slot < work.Runs.Length; slot++)
        {
            if (work.Runs[slot] is not { } runs)
                continue;
            work.Changes?.Touch(slot);
            work.Evaluator.Release(runs);
            work.Runs[slot] = null;
            _remembered--;
            work.Lane.Count(slot, -1);
        }
        work.Clear();
        work.Changes?.ForgetAll();
    }

    /// <summary>Counts an event that has no key in some lane, for each rule there whose pre-filter it passes.</summary>
    private void CountWithoutKey(in StreamRecord<StreamEvent> record)
    {
        foreach (var lane in _lanes)
        {
            if (lane.Group.Keys[record.Value.Stream] is not { } key || key.Hash(record.Value.Value, out _))
                continue;
            foreach (var work in lane.Readers[record.Value.Stream])
                work.Counts.WithoutKey += Convert.ToInt32(work.Draining is null && LetsThrough(work.Rule, record));
        }
    }

    /// <summary>An event that no pattern is offered can do no harm: where the pre-filter throws, it is as one that does not hold.</summary>
    private static bool LetsThrough(CompiledRule rule, in StreamRecord<StreamEvent> record)
    {
        try
        {
            return rule.Accepts(record.Value, record.TimestampMs, counts: null);
        }
        catch (PatternEvaluationException)
        {
            return false;
        }
    }
}
