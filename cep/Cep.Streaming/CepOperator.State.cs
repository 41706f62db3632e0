using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;
using Cep.Engine.Streams;
using Cep.Engine.Time;
using Cep.Evaluation;
using Cep.Evaluation.Snapshots;
using Cep.Events;
using Cep.Streaming.Snapshots;

namespace Cep.Streaming;

/// <summary>What is remembered, written at a barrier and read back.</summary>
internal sealed partial class CepOperator
{
    private bool IsWriting => _work.Length > 0 && _work[0].Changes is { Walk: not null };

    /// <inheritdoc/>
    public override OperatorSnapshot BeginSnapshot(SnapshotKind kind)
    {
        var pending = new PendingSnapshot(_pending.ToArray(), new PendingFormat(_patterns.RuleSet.Streams, _patterns.Groups));
        return new RulesSnapshot(_work, kind, new SmallState(_watermarkMs, _work), pending);
    }

    /// <inheritdoc/>
    public override void Restore(StateReader state)
    {
        var pending = new List<StreamRecord<StreamEvent>>();
        PendingReader? pendingReader = null;
        var sets = new RunSetFormat.Reader?[state.States.Count];
        while (state.Next(out var entry))
        {
            if (SmallState.TryRead(entry, ref _watermarkMs, RestoreRule))
                continue;
            if (entry.State.Name == PendingFormat.Name)
                (pendingReader ??= new PendingReader(entry.State, _patterns.RuleSet.Streams, _patterns.Groups)).Read(entry, pending);
            else if (WorkOf(entry.State) is { } work)
                RestoreKey(work, entry, sets[entry.StateIndex] ??= RuleStateFormat.Read(work, entry.State));
        }
        foreach (var record in pending)
            _pending.Add(record);
        foreach (var work in _work)
            GoOn(work);
    }

    private RuleWork? WorkOf(StateSchema state) => Array.Find(_work, w => state.Name == RuleStateFormat.Prefix + w.Rule.Rule.Name);

    private void RestoreRule(string name, long failedSinceMs, RuleCounts counts)
    {
        if (Array.Find(_work, w => w.Rule.Rule.Name == name) is not { } work)
            return;
        work.Quarantine.Begin(failedSinceMs);
        // Every subtask sees what all of them have counted; one goes on with it.
        if (_subtask == 0)
            work.Counts.GoOnFrom(counts);
    }

    private void RestoreKey(RuleWork work, in SegmentEntry entry, RunSetFormat.Reader reader)
    {
        var slot = work.Lane.FindOrAddKey(new EventBinaryInput(entry.Key.ToArray()), entry.KeyGroup);
        var after = entry.IsDelete ? null : reader.Read(new EventBinaryInput(entry.Value.ToArray()));
        var before = work.RunsOf(slot);
        if (before is not null)
            work.Evaluator.Release(before);
        if (after is not null)
            work.Evaluator.Adopt(after);
        work.Set(slot, after);
        var more = Convert.ToInt32(after is not null) - Convert.ToInt32(before is not null);
        _remembered += more;
        work.Lane.Count(slot, more);
    }

    /// <summary>Everything is read: what waits for a deadline waits on, and a rule that had failed is stopped.</summary>
    private void GoOn(RuleWork work)
    {
        var earliestMs = _watermarkMs == Watermark.End ? Watermark.End : _watermarkMs + 1;
        for (var slot = 0; slot < work.Runs.Length; slot++)
        {
            if (work.Runs[slot] is { } runs)
                SetTimer(work, slot, runs, earliestMs);
        }
        if (work.Quarantine.HasBegunBy(_watermarkMs))
            Stop(work);
        work.Counts.Set(work.Evaluator);
    }
}
