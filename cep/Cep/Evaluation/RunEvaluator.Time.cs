using System.Runtime.InteropServices;
using Cep.Nfa;

namespace Cep.Evaluation;

/// <summary>Passing time: when runs run out of it, and what becomes of them.</summary>
internal sealed partial class RunEvaluator
{
    /// <summary>Lets time pass: runs whose deadline is at or before <paramref name="nowMs"/> time out, or match where they wait for just that.</summary>
    /// <returns>What is remembered now; null for nothing, as with <see cref="OnEvent"/>.</returns>
    public RunSet? AdvanceTime(RunSet runs, long nowMs, List<Completion> output)
    {
        var before = runs.Partial.Count;
        var hadDropped = runs.HasDropped;
        if (hadDropped)
            TimeOutDropped(runs, nowMs, output);
        runs.Partial.CutFrom(FirstExpired(runs.Partial, nowMs), _toStep);
        foreach (ref readonly var run in CollectionsMarshal.AsSpan(_toStep))
        {
            var deadlineMs = DeadlineMs(run);
            if (deadlineMs > nowMs)
                runs.Partial.Add(run);
            else if (run.State.Kind == StateKind.Pending)
                _matches.Add(run);
            else if (_timedOut.Add(run.Last!))
                output.Add(new Completion(IsTimeout: true, run.Last!, run.StartMs, run.Last!.TimeMs, deadlineMs));
        }
        _toStep.Clear();
        _timedOut.Clear();
        Emit(runs, nowMs, output, isDeadline: true);
        _setsWithDropped += Convert.ToInt32(runs.HasDropped) - Convert.ToInt32(hadDropped);
        return Commit(runs, before);
    }

    private int FirstExpired(RunQueue runs, long nowMs)
    {
        var first = 0;
        foreach (ref readonly var run in runs.Items)
        {
            if (DeadlineMs(run) <= nowMs)
                break;
            first++;
        }
        return first;
    }

    /// <summary>When the run times out: at the end of the window of the pattern, or of the state it waits in.</summary>
    private long DeadlineMs(in Run run)
    {
        if (!run.HasBegun)
            return long.MaxValue;
        var gapMs = run.State.GapMs is { } gap ? Later(run.Last!.TimeMs, gap) : long.MaxValue;
        // The wait of a final `not` with a window of its own comes on top of the pattern's.
        if (run.State.Kind == StateKind.Pending && run.State.GapMs is not null)
            return gapMs;
        return Math.Min(gapMs, _nfa.Pattern.WithinMs is { } within ? Later(run.StartMs, within) : long.MaxValue);
    }

    /// <summary>Tells the dropped runs whose deadline has passed, and forgets them. An event at the very deadline would have come first.</summary>
    private void TimeOutDropped(RunSet runs, long nowMs, List<Completion> output)
    {
        for (var i = runs.Dropped.Count - 1; i >= 0; i--)
        {
            var run = runs.Dropped[i];
            var deadlineMs = DeadlineMs(run);
            if (run.State.Kind != StateKind.Pending && deadlineMs < nowMs && _timedOut.Add(run.Last!))
                output.Add(new Completion(IsTimeout: true, run.Last!, run.StartMs, run.Last!.TimeMs, deadlineMs));
            if (run.State.Kind == StateKind.Pending || deadlineMs < nowMs)
                runs.Dropped.RemoveAt(i);
        }
    }

    private long NextDeadlineMs(RunSet runs)
    {
        var next = long.MaxValue;
        if (runs.HasDropped)
        {
            foreach (var run in runs.Dropped)
                next = Math.Min(next, DeadlineMs(run) is var deadlineMs and < LastMs ? deadlineMs + 1 : long.MaxValue);
        }
        if (!_pattern.HasGaps)
            return Math.Min(next, DeadlineMs(runs.Partial.Peek()));
        foreach (ref readonly var run in runs.Partial.Items)
            next = Math.Min(next, DeadlineMs(run));
        return next;
    }

    /// <summary>A window that reaches past the end of time ends with it, so that the end of the input still closes the window.</summary>
    private static long Later(long timeMs, long spanMs) => timeMs > LastMs - spanMs ? LastMs : timeMs + spanMs;
}
