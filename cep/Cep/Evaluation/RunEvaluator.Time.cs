using System.Runtime.InteropServices;
using Cep.Matching;
using Cep.Nfa;

namespace Cep.Evaluation;

/// <summary>Passing time: when runs run out of it, and what becomes of them.</summary>
internal sealed partial class RunEvaluator
{
    /// <summary>Lets time pass: runs whose deadline is at or before <paramref name="nowMs"/> time out, or match where they wait for just that.</summary>
    /// <returns>What is remembered now; null for nothing, as with <see cref="OnEvent"/>.</returns>
    /// <exception cref="PatternEvaluationException">The skip strategy fails; as with <see cref="OnEvent"/>.</exception>
    public RunSet? AdvanceTime(RunSet runs, long nowMs, List<Completion> output)
    {
        Changing?.Invoke();
        var (before, told, hadDropped) = (runs.Partial.Count, output.Count, runs.HasDropped);
        try
        {
            if (hadDropped)
                TimeOutDropped(runs, nowMs, output);
            if (_pattern.ExpiresInOrder)
                return ExpireInOrder(runs, nowMs, output);
            Expire(runs.Partial, nowMs, output);
            Emit(runs, nowMs, output, isDeadline: true);
        }
        catch (PatternEvaluationException)
        {
            _setsWithDropped -= Convert.ToInt32(hadDropped);
            Abandon(before, output, told);
            throw;
        }
        _setsWithDropped += Convert.ToInt32(runs.HasDropped) - Convert.ToInt32(hadDropped);
        return Commit(runs, before);
    }

    /// <summary>Takes the runs whose deadline has passed out of the queue; the others come to lie as in Flink's.</summary>
    private void Expire(RunQueue runs, long nowMs, List<Completion> output)
    {
        runs.CutFrom(FirstExpired(runs, nowMs), _toStep);
        foreach (ref readonly var run in CollectionsMarshal.AsSpan(_toStep))
        {
            if (DeadlineMs(run) > nowMs)
                runs.Add(run);
            else
                Expire(run, output);
        }
        _toStep.Clear();
    }

    /// <summary>
    /// Where the run that began first is the next to expire, and the order of the others shows nowhere: only those that expire are looked at. What is noted
    /// of their states may stay too much for a while, which does no harm.
    /// </summary>
    private RunSet? ExpireInOrder(RunSet runs, long nowMs, List<Completion> output)
    {
        var before = runs.Partial.Count;
        while (DeadlineMs(runs.Partial.Peek()) <= nowMs)
            Expire(runs.Partial.Poll(), output);
        foreach (ref readonly var match in _matches.Items)
            Tell(MatchOf(match, nowMs), output);
        _matches.Clear();
        PartialMatches += runs.Partial.Count - before;
        runs.Partial.Trim();
        runs.NextDeadlineMs = DeadlineMs(runs.Partial.Peek());
        return Remembers(runs) ? runs : Forget(runs);
    }

    private void Expire(in Run run, List<Completion> output)
    {
        if (run.State.Kind == StateKind.Pending)
            _matches.Add(run);
        else
            Tell(new Completion(IsTimeout: true, run.Last!, run.StartMs, run.Last!.TimeMs, DeadlineMs(run)), output);
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
    public long DeadlineMs(in Run run)
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
            if (run.State.Kind != StateKind.Pending && deadlineMs < nowMs)
                Tell(new Completion(IsTimeout: true, run.Last!, run.StartMs, run.Last!.TimeMs, deadlineMs), output);
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
