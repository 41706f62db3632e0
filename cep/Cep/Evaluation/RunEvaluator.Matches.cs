using Cep.Matching;
using Cep.Nfa;
using Cep.Patterns;

namespace Cep.Evaluation;

/// <summary>Completed matches: which may be told, and what a told one drops.</summary>
internal sealed partial class RunEvaluator
{
    private void Emit(RunSet runs, long atMs, List<Completion> output, bool isDeadline)
    {
        if (_nfa.Pattern.Skip.Kind != SkipKind.None)
        {
            EmitUnderSkip(runs, atMs, output, isDeadline);
            return;
        }
        foreach (ref readonly var match in _matches.Items)
            Tell(MatchOf(match, atMs), output);
    }

    /// <summary>Emits completed matches that no earlier partial match holds back; each drops what the skip strategy says.</summary>
    private void EmitUnderSkip(RunSet runs, long atMs, List<Completion> output, bool isDeadline)
    {
        foreach (ref readonly var match in _matches.Items)
            runs.Completed.Add(match);
        while (runs.HasCompleted
            && (runs.Partial.Count == 0 || Run.CompareStart(runs.Completed.Peek(), runs.Partial.Peek()) <= 0))
        {
            var match = runs.Completed.Poll();
            Skip(match, runs, atMs, isDeadline);
            Tell(MatchOf(match, atMs), output);
        }
    }

    /// <summary>Tells a match or a timeout, unless the same events under the same names have been told.</summary>
    private static void Tell(in Completion completion, List<Completion> output)
    {
        var what = completion.IsTimeout ? Outcomes.Timeout : Outcomes.Match;
        if ((completion.Last.Told & what) != 0)
            return;
        completion.Last.Told |= what;
        output.Add(completion);
    }

    /// <summary>A match ends with its last event; one that waited for a deadline ends with that.</summary>
    private Completion MatchOf(in Run run, long atMs) => new(
        IsTimeout: false, run.Last!, run.StartMs, run.State.Kind == StateKind.Pending ? DeadlineMs(run) : run.Last!.TimeMs, atMs);

    private void Skip(in Run match, RunSet runs, long atMs, bool isDeadline)
    {
        var skip = _nfa.Pattern.Skip;
        var skipTo = SkipPosition(match, skip);
        if (skip.FailsOnMiss && skip.Step is { } step && skipTo?.Previous is null)
        {
            throw new PatternEvaluationException(skipTo is null
                ? $"The match has no event of `{step}`, at which matching was to go on."
                : $"Matching was to go on at `{step}`, and the match begins with that very event: it would be found for ever.",
                step, isDeadline ? null : _predicates.Candidate, atMs) { Match = match.Last };
        }
        if (skipTo is not { } position)
            return;
        var dropped = isDeadline ? runs.Dropped : null;
        var inclusive = skip.Kind is SkipKind.ToNext or SkipKind.PastLast;
        runs.Partial.DropStartedUpTo(position.TimeMs, position.Sequence, inclusive, dropped);
        runs.Completed.DropStartedUpTo(position.TimeMs, position.Sequence, inclusive, dropped: null);
    }

    /// <summary>The event at which matching goes on, or null when the named step took none: then nothing is dropped.</summary>
    private EventNode? SkipPosition(in Run match, AfterMatchSkip skip)
    {
        if (skip.Kind == SkipKind.PastLast)
            return match.Last;
        EventNode? found = null;
        for (var node = match.Last; node is not null; node = node.Previous)
        {
            if (skip.Kind == SkipKind.ToNext)
                found = node;
            else if (_nfa.Steps[node.Step].Name == skip.Step && (skip.Kind == SkipKind.ToFirst || found is null))
                found = node;
        }
        return found;
    }
}
