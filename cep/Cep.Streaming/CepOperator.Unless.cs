using Cep.Engine.Streams;
using Cep.Evaluation;
using Cep.Matching;

namespace Cep.Streaming;

/// <summary>Events that call a rule off for their key, asked before the rule's pre-filter and its pattern.</summary>
internal sealed partial class CepOperator
{
    /// <summary>Drops what a rule remembers of the event's key, if the event calls it off.</summary>
    /// <param name="work">A rule with an <c>unless</c> on the event's stream.</param>
    /// <param name="record">The event.</param>
    /// <param name="slot">The slot of its key; <see cref="NotLookedUp"/> or <see cref="NoSlot"/>.</param>
    /// <returns>False where the rule has failed, and the slot from here on: the key may have lost it.</returns>
    private (bool IsSound, int Slot) Cancel(RuleWork work, in StreamRecord<StreamEvent> record, int slot)
    {
        try
        {
            if (!work.Rule.Unless.Hold(record.Value, record.TimestampMs, work.Counts))
                return (true, slot);
        }
        catch (PatternEvaluationException e)
        {
            Fail(work, e, record.Value, null, record.TimestampMs, record.Sequence);
            return (false, slot);
        }
        if (slot == NotLookedUp)
            slot = work.Lane.Keys.Find(record.Value);
        if (work.RunsOf(slot) is not { } runs)
            return (true, slot);
        var after = Cancel(work, slot, runs, record);
        if (_completions.Count > 0)
            Emit(work, record.TimestampMs, record.Sequence);
        return (true, Remember(work, slot, runs, after, long.MinValue) ? slot : NoSlot);
    }

    private RunSet? Cancel(RuleWork work, int slot, RunSet runs, in StreamRecord<StreamEvent> record)
    {
        if (work.Changes is { } changes)
            changes.At = slot;
        try
        {
            return work.Evaluator.Cancel(runs, record.TimestampMs, _completions);
        }
        catch (PatternEvaluationException e)
        {
            Fail(work, e, record.Value, null, record.TimestampMs, record.Sequence);
            return null;
        }
    }
}
