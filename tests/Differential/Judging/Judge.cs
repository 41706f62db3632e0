using Cep.Differential.Cases;
using Cep.Patterns;

namespace Cep.Differential.Judging;

/// <summary>Says which matches and timeouts a case has, from what the pattern means: everything is enumerated first, and then held back and dropped by the skip strategy.</summary>
/// <remarks>Where several matches begin with one event and are due together, Flink's choice is that of a heap; the judge takes whichever the judged one chose.</remarks>
internal sealed class Judge
{
    private readonly AfterMatchSkip _skip;
    private readonly IReadOnlyList<TimedEvent> _events;
    private readonly Enumeration[] _starts;
    private readonly Func<IReadOnlyList<Told>, Told> _choose;
    private readonly bool[] _isDropped;
    private readonly List<Chain> _held = [];
    private readonly List<Told> _told = [];

    private Judge(Pattern pattern, IReadOnlyList<TimedEvent> events, Func<IReadOnlyList<Told>, Told> choose, Func<Told, bool> isTold)
    {
        (_skip, _events, _choose) = (pattern.Skip, events, choose);
        _starts = Enumeration.All(pattern, events);
        foreach (var start in _starts)
            start.Unite(f => isTold(Tell(f.IsTimeout, f.Chain, f.StampMs)));
        _isDropped = new bool[events.Count];
    }

    /// <summary>The matches and timeouts, each once.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="events">The events of one key, in order.</param>
    /// <param name="choose">Chooses among matches that begin with one event and are due together.</param>
    /// <param name="isTold">Chooses among the stamps of one timeout: a partial match that waits for several things can run out of time with several windows at once.</param>
    public static IReadOnlyList<Told> Answer(Pattern pattern, IReadOnlyList<TimedEvent> events, Func<IReadOnlyList<Told>, Told> choose, Func<Told, bool> isTold)
    {
        var judge = new Judge(pattern, events, choose, isTold);
        if (pattern.Skip.Kind == SkipKind.None)
            return judge._starts.SelectMany(s => s.Facts).Select(f => Tell(f.IsTimeout, f.Chain, f.StampMs)).ToArray();
        judge.PlayThrough();
        return judge._told;
    }

    private static Told Tell(bool isTimeout, Chain chain, long atMs) => new(isTimeout, chain.ToString(), atMs);

    private void PlayThrough()
    {
        var moments = _starts.SelectMany(s => s.Lives.SelectMany(l => new[] { l.From, l.To }).Concat(s.Facts.Select(f => f.At)))
            .Where(m => m != Moment.Never).Distinct().Order();
        foreach (var moment in moments)
        {
            for (var start = 0; start < _starts.Length; start++)
            {
                if (_isDropped[start])
                    continue;
                foreach (var fact in _starts[start].Facts.Where(f => f.At == moment))
                {
                    if (fact.IsTimeout)
                        _told.Add(Tell(true, fact.Chain, fact.StampMs));
                    else
                        _held.Add(fact.Chain);
                }
            }
            Emit(moment);
        }
    }

    /// <summary>A match is held back while a partial match that began earlier lives.</summary>
    private void Emit(Moment moment)
    {
        while (_held.Count > 0)
        {
            var start = _held.Min(c => c.Start);
            if (Enumerable.Range(0, start).Any(s => !_isDropped[s] && _starts[s].Lives.Any(l => l.From.CompareTo(moment) <= 0 && moment.CompareTo(l.To) < 0)))
                return;
            var due = _held.Where(c => c.Start == start).ToLookup(c => Tell(false, c, moment.TimeMs));
            var match = _choose(due.Select(d => d.Key).ToArray());
            var chain = due[match].First();
            _held.RemoveAll(c => c.ToString() == match.Events);
            _told.Add(match);
            Drop(chain, moment);
        }
    }

    /// <summary>What began before the position at which matching goes on is dropped.</summary>
    private void Drop(Chain match, Moment moment)
    {
        var ofStep = match.Taken.Where(t => t.Step.Name == _skip.Step).Select(t => t.Event).ToArray();
        var firstKept = _skip.Kind switch
        {
            SkipKind.ToNext => match.Start + 1,
            SkipKind.PastLast => match.Event + 1,
            SkipKind.ToFirst when ofStep.Length > 0 => ofStep[0],
            SkipKind.ToLast when ofStep.Length > 0 => ofStep[^1],
            _ => 0,
        };
        for (var start = 0; start < firstKept; start++)
        {
            if (!_isDropped[start] && moment.IsDeadline)
                TellThatRunOutWithIt(start, moment);
            _isDropped[start] = true;
        }
        _held.RemoveAll(c => c.Start < firstKept);
    }

    /// <summary>What a match drops that became certain by a deadline is still told where it runs out of time before the next event: time goes from event to event at once.</summary>
    private void TellThatRunOutWithIt(int start, Moment moment)
    {
        var nextMs = _events.Where(e => e.TimeMs >= moment.TimeMs).Select(e => e.TimeMs).DefaultIfEmpty(long.MaxValue).First();
        _told.AddRange(_starts[start].Facts
            .Where(f => f.IsTimeout && f.At.CompareTo(moment) > 0 && f.At.TimeMs < nextMs)
            .Select(f => Tell(true, f.Chain, f.StampMs)));
    }
}
