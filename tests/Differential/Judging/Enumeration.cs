using Cep.Differential.Cases;
using Cep.Patterns;

namespace Cep.Differential.Judging;

/// <summary>When something happens: at an event, or at a deadline, which comes before the events of its time.</summary>
/// <param name="TimeMs">Event time.</param>
/// <param name="Event">The event's position; -1 for a deadline.</param>
internal readonly record struct Moment(long TimeMs, int Event) : IComparable<Moment>
{
    public static Moment Never { get; } = new(long.MaxValue, -1);

    /// <summary>Whether a deadline passes, and no event happens.</summary>
    public bool IsDeadline => Event < 0;

    public int CompareTo(Moment other) => (TimeMs, Event).CompareTo((other.TimeMs, other.Event));
}

/// <summary>A match or timeout that would come if no match dropped anything.</summary>
/// <param name="IsTimeout">Whether it ran out of time.</param>
/// <param name="Chain">What it took.</param>
/// <param name="At">When it comes.</param>
/// <param name="StampMs">How it is stamped: of a timeout its deadline, even if that had passed when an event led there.</param>
internal readonly record struct Fact(bool IsTimeout, Chain Chain, Moment At, long StampMs);

/// <summary>From when to when a partial match stands somewhere; the end exclusive.</summary>
internal readonly record struct Life(Moment From, Moment To);

/// <summary>A case has more partial matches than can be enumerated.</summary>
internal sealed class TooLargeException : Exception;

/// <summary>Enumerates, for one first event, everything that can be taken after it: by trying every event in turn in every role it may have.</summary>
internal sealed class Enumeration
{
    /// <summary>How often partial matches that begin with one event are followed from an event to the next before a case is given up.</summary>
    private const int FollowedMax = 200_000;

    private readonly IReadOnlyList<TimedEvent> _events;
    private readonly Meaning _meaning;
    private int _followed;

    /// <summary>What had been taken before the first event; null for nothing.</summary>
    private readonly Chain? _before;

    private Enumeration(IReadOnlyList<TimedEvent> events, Meaning meaning, Chain? before = null) => (_events, _meaning, _before) = (events, meaning, before);

    /// <summary>The matches and timeouts that begin with the event.</summary>
    public List<Fact> Facts { get; } = [];

    /// <summary>When partial matches that begin with the event live.</summary>
    public HashSet<Life> Lives { get; } = [];

    /// <summary>Enumerates for every first event.</summary>
    public static Enumeration[] All(Pattern pattern, IReadOnlyList<TimedEvent> events)
    {
        var interpreter = new Interpreter(events.Select(e => e.Value).ToArray());
        var meaning = new Meaning(pattern, interpreter, new Absences(events, interpreter));
        return events.Select((_, i) => From(i, events, meaning, before: null)).ToArray();
    }

    /// <summary>The positions of the events that complete a pattern, looked for after what has been taken.</summary>
    public static HashSet<int> Completions(Pattern pattern, IReadOnlyList<TimedEvent> events, Interpreter interpreter, Chain before)
    {
        var meaning = new Meaning(pattern, interpreter, new Absences(events, interpreter));
        var starts = Enumerable.Range(before.Event + 1, events.Count - before.Event - 1);
        return starts.SelectMany(i => From(i, events, meaning, before).Facts).Select(f => f.At.Event).ToHashSet();
    }

    private static Enumeration From(int first, IReadOnlyList<TimedEvent> events, Meaning meaning, Chain? before)
    {
        var enumeration = new Enumeration(events, meaning, before);
        var alive = meaning.Beginning.SelectMany(b => enumeration.Offer(b, before, first)).Where(s => !ReferenceEquals(s.Taken, before)).ToHashSet();
        for (var next = first + 1; alive.Count > 0; next++)
            alive = alive.SelectMany(s => enumeration.Follow(s.Stand, s.Taken!, next)).ToHashSet();
        return enumeration;
    }

    /// <summary>Makes facts about the same events one, the earliest: matches are a set, and so are timeouts.</summary>
    /// <param name="isPreferred">Which is kept, where several come at that moment and are stamped differently.</param>
    public void Unite(Func<Fact, bool> isPreferred)
    {
        var united = Facts.GroupBy(f => (f.IsTimeout, f.Chain)).Select(same => same.OrderBy(f => f.At).ThenByDescending(isPreferred).First()).ToList();
        Facts.Clear();
        Facts.AddRange(united);
    }

    /// <summary>Where a partial match goes from the event before <paramref name="next"/>.</summary>
    private List<(Stand Stand, Chain? Taken)> Follow(Stand stand, Chain chain, int next)
    {
        if (++_followed > FollowedMax)
            throw new TooLargeException();
        var from = At(next - 1);
        var deadlineMs = _meaning.DeadlineMs(stand, _events[chain.Start].TimeMs, _events[chain.Event].TimeMs);
        // An event can lead to a step whose window has passed for long. Then time passes after the other events of its millisecond.
        var endMs = deadlineMs == long.MaxValue ? deadlineMs : Math.Max(deadlineMs, from.TimeMs + 1);
        if (next < _events.Count && _events[next].TimeMs < endMs)
        {
            Lives.Add(new Life(from, At(next)));
            return Offer(stand, chain, next);
        }
        var end = endMs == long.MaxValue ? Moment.Never : new Moment(endMs, -1);
        Lives.Add(new Life(from, end));
        var isTimeout = stand.Kind != StandKind.Absence;
        if (end != Moment.Never)
            Facts.Add(new Fact(isTimeout, chain, end, isTimeout ? deadlineMs : endMs));
        return [];
    }

    private Fact Match(Chain chain, int e) => new(IsTimeout: false, chain, At(e), _events[e].TimeMs);

    private Moment At(int e) => new(_events[e].TimeMs, e);

    /// <summary>Where an event leads a partial match that stands somewhere; what it completes becomes a fact.</summary>
    private List<(Stand Stand, Chain? Taken)> Offer(Stand stand, Chain? chain, int e)
    {
        var steps = new List<(Stand Stand, Chain? Taken)>();
        var isForbidden = false;
        foreach (var at in Offered(stand, chain, e))
        {
            isForbidden |= _meaning.IsForbidden(at, e, chain);
            if (_meaning.Takes(at, e, chain))
            {
                var taken = new Chain(chain, at.EventStep, e);
                foreach (var next in _meaning.AfterTaking(at))
                {
                    if (next.Kind == StandKind.Complete || Offered(next, chain, e).Any(o => o.Kind == StandKind.Complete))
                        Facts.Add(Match(taken, e));
                    if (next.Kind != StandKind.Complete)
                        steps.Add((next, taken));
                }
            }
            if (_meaning.AfterIgnoring(at, e, chain) is { } waits)
                steps.Add((waits, chain));
            if (at.Kind == StandKind.Absence && !_meaning.IsForbidden(at, e, chain))
                steps.Add((at, chain));
            if (chain is not null && !ReferenceEquals(chain, _before) && _meaning.CompletesByNotNext(at, e, chain))
                Facts.Add(Match(chain, e));
        }
        // A forbidden event ends the partial match, but not a match that the same event completes.
        if (isForbidden)
            steps.Clear();
        return steps;
    }

    /// <summary>All the places where an event is offered to a partial match. Quirk: of the event just taken it is asked in the same way whether the rest may be left out.</summary>
    private List<Stand> Offered(Stand stand, Chain? chain, int e)
    {
        var offered = new List<Stand>();
        var seen = new HashSet<(StandKind, Level, int, int, bool, Level?)>();
        var open = new Stack<Stand>([stand]);
        while (open.TryPop(out var at))
        {
            if (!seen.Add(at.Identity) || _meaning.IsWithheld(at, e, chain))
                continue;
            offered.Add(at);
            foreach (var instead in _meaning.Instead(at, e, chain))
                open.Push(instead);
        }
        return offered;
    }
}
