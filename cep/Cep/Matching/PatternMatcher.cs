using System.Runtime.CompilerServices;
using Cep.Evaluation;
using Cep.Patterns;

namespace Cep.Matching;

/// <summary>Looks for a pattern in events offered one by one, inside any program: without the engine, its threads, or a clock.</summary>
/// <typeparam name="T">The class of the events.</typeparam>
/// <remarks>
/// Events come in order of event time; those of one millisecond in the order in which they are offered. Time moves with them, for all keys: every
/// deadline at or before an event's time passes first. A gap that was over already when a partial match came to wait in it passes after the other events
/// of that millisecond. So the matches are those of the engine over the same events.
/// <para>
/// When a condition throws, the skip strategy fails, or a key has too many partial matches, the caller gets a <see cref="PatternEvaluationException"/>. The event
/// at hand is not taken, the partial matches of its key (or of the key whose deadline it was) are dropped, and nothing else changes: the matcher can go
/// on. Matches that were found before it in the same call are given by the next one.
/// </para>
/// <para>Not thread-safe.</para>
/// </remarks>
public sealed class PatternMatcher<T> where T : class
{
    /// <summary>The last time there can be; the end of the input.</summary>
    private const long LastMs = long.MaxValue - 1;

    private readonly RunEvaluator _evaluator;
    private readonly Func<T, long> _timeMs;
    private readonly KeyedRuns<T> _keys;
    private readonly bool _withTimeouts;

    /// <summary>Timers in order of time, then of setting. One whose runs are gone, or wait for another time by now, is passed over.</summary>
    private readonly PriorityQueue<KeyRuns, (long DeadlineMs, long Order)> _deadlines = new();
    private readonly List<Completion> _completions = [];
    private long _nowMs = long.MinValue;
    private long _sequence;
    private long _timers;

    /// <summary>Looks among all events together.</summary>
    /// <param name="pattern">What to look for.</param>
    /// <param name="time">The time of an event; parts below a millisecond are cut off.</param>
    /// <param name="withTimeouts">Whether partial matches that run out of time are given too, as <see cref="Match{T}.IsTimeout"/>.</param>
    /// <param name="limit">Bounds the partial matches of each key; null for <see cref="PartialMatchLimit.Default"/>: 10,000, and the oldest are dropped.</param>
    /// <exception cref="ArgumentException"><see cref="PatternRules.Check"/> finds something wrong with the pattern.</exception>
    public PatternMatcher(Pattern pattern, Func<T, DateTimeOffset> time, bool withTimeouts = false, PartialMatchLimit? limit = null)
        : this(pattern, e => time(e).ToUnixTimeMilliseconds(), KeyedRuns<T>.OfOne(), withTimeouts, limit)
    {
    }

    /// <summary>Looks among all events together.</summary>
    /// <param name="pattern">What to look for.</param>
    /// <param name="timeMs">The time of an event, Unix milliseconds.</param>
    /// <param name="withTimeouts">Whether partial matches that run out of time are given too, as <see cref="Match{T}.IsTimeout"/>.</param>
    /// <param name="limit">Bounds the partial matches of each key; null for <see cref="PartialMatchLimit.Default"/>: 10,000, and the oldest are dropped.</param>
    /// <exception cref="ArgumentException"><see cref="PatternRules.Check"/> finds something wrong with the pattern.</exception>
    public PatternMatcher(Pattern pattern, Func<T, long> timeMs, bool withTimeouts = false, PartialMatchLimit? limit = null)
        : this(pattern, timeMs, KeyedRuns<T>.OfOne(), withTimeouts, limit)
    {
    }

    private PatternMatcher(Pattern pattern, Func<T, long> timeMs, KeyedRuns<T> keys, bool withTimeouts, PartialMatchLimit? limit)
    {
        _evaluator = new RunEvaluator(CompiledPattern.Of(pattern), limit);
        (_timeMs, _keys, _withTimeouts) = (timeMs, keys, withTimeouts);
    }

    /// <summary>Looks among the events of each key apart.</summary>
    /// <param name="pattern">What to look for.</param>
    /// <param name="key">The key of an event, compared by its own equality; not null.</param>
    /// <param name="time">The time of an event; parts below a millisecond are cut off.</param>
    /// <param name="withTimeouts">Whether partial matches that run out of time are given too, as <see cref="Match{T}.IsTimeout"/>.</param>
    /// <param name="limit">Bounds the partial matches of each key; null for <see cref="PartialMatchLimit.Default"/>: 10,000, and the oldest are dropped.</param>
    /// <exception cref="ArgumentException"><see cref="PatternRules.Check"/> finds something wrong with the pattern.</exception>
    public static PatternMatcher<T> ByKey<TKey>(Pattern pattern, Func<T, TKey> key, Func<T, DateTimeOffset> time, bool withTimeouts = false, PartialMatchLimit? limit = null) where TKey : notnull =>
        new(pattern, e => time(e).ToUnixTimeMilliseconds(), KeyedRuns<T>.By(key), withTimeouts, limit);

    /// <summary>Looks among the events of each key apart.</summary>
    /// <param name="pattern">What to look for.</param>
    /// <param name="key">The key of an event, compared by its own equality; not null.</param>
    /// <param name="timeMs">The time of an event, Unix milliseconds.</param>
    /// <param name="withTimeouts">Whether partial matches that run out of time are given too, as <see cref="Match{T}.IsTimeout"/>.</param>
    /// <param name="limit">Bounds the partial matches of each key; null for <see cref="PartialMatchLimit.Default"/>: 10,000, and the oldest are dropped.</param>
    /// <exception cref="ArgumentException"><see cref="PatternRules.Check"/> finds something wrong with the pattern.</exception>
    public static PatternMatcher<T> ByKey<TKey>(Pattern pattern, Func<T, TKey> key, Func<T, long> timeMs, bool withTimeouts = false, PartialMatchLimit? limit = null) where TKey : notnull =>
        new(pattern, timeMs, KeyedRuns<T>.By(key), withTimeouts, limit);

    /// <summary>The partial matches that are alive, of all keys.</summary>
    public long PartialMatches => _evaluator.PartialMatches;

    /// <summary>The partial matches that were dropped because their key had more than the limit.</summary>
    public long DroppedPartials => _evaluator.DroppedPartials;

    /// <summary>Takes the next event.</summary>
    /// <returns>The matches of deadlines that passed before it, of any key, then those that it completes; often none.</returns>
    /// <exception cref="ArgumentException">The event is older than one offered before, or than the time advanced to. It is not taken; the matcher goes on.</exception>
    /// <exception cref="PatternEvaluationException">A condition threw, the skip strategy fails, or a key has too many partial matches.</exception>
    public IReadOnlyList<Match<T>> Offer(T e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var timeMs = _timeMs(e);
        if (timeMs < _nowMs)
        {
            throw new ArgumentException(_nowMs == LastMs
                ? "The input is complete: no event can follow."
                : $"The event of {EventTime.Of(timeMs):O} is older than {EventTime.Of(_nowMs):O}, where time has come to; events are offered in order of time.", nameof(e));
        }
        return Step(timeMs, e);
    }

    /// <summary>Lets time pass without an event: no event before this time will come.</summary>
    /// <param name="to">The time; one before that of the last event, or before the time advanced to, changes nothing.</param>
    /// <returns>The matches of deadlines up to and at this time.</returns>
    /// <exception cref="PatternEvaluationException">A condition threw, the skip strategy fails, or a key has too many partial matches.</exception>
    public IReadOnlyList<Match<T>> Advance(DateTimeOffset to) => Step(Math.Max(_nowMs, to.ToUnixTimeMilliseconds()), null);

    /// <summary>Ends the input: every deadline passes, and no event can follow.</summary>
    /// <returns>The matches of those deadlines.</returns>
    /// <exception cref="PatternEvaluationException">A condition threw, the skip strategy fails, or a key has too many partial matches.</exception>
    public IReadOnlyList<Match<T>> Complete() => Step(LastMs, null);

    /// <summary>Offers events as they come, and completes the input when they end.</summary>
    /// <param name="events">In order of time. While none comes, no deadline passes.</param>
    /// <param name="cancellation">Ends the waiting for events; the input is not completed then.</param>
    /// <returns>The matches, each as soon as it is certain.</returns>
    /// <exception cref="ArgumentException">An event is older than the one before it.</exception>
    /// <exception cref="PatternEvaluationException">As from <see cref="Offer"/>.</exception>
    public async IAsyncEnumerable<Match<T>> MatchAsync(IAsyncEnumerable<T> events, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var e in events.WithCancellation(cancellation).ConfigureAwait(false))
        {
            foreach (var match in Offer(e))
                yield return match;
        }
        foreach (var match in Complete())
            yield return match;
    }

    private Match<T>[] Step(long timeMs, T? e)
    {
        _nowMs = timeMs;
        PassDeadlines(timeMs);
        if (e is not null)
            Take(e, timeMs);
        return Told();
    }

    private void Take(T e, long timeMs)
    {
        if (!_evaluator.Begin(e, timeMs, _sequence++))
            return;
        var key = Find(e, timeMs);
        try
        {
            var after = _evaluator.OnEvent(key?.Runs, _completions);
            if (key is not null || after is not null)
                Remember(key ?? _keys.Add(e), after, timeMs == long.MaxValue ? long.MaxValue : timeMs + 1);
        }
        catch (PatternEvaluationException)
        {
            Drop(key);
            throw;
        }
    }

    private KeyRuns? Find(T e, long timeMs)
    {
        try
        {
            return _keys.Find(e);
        }
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
        {
            throw new PatternEvaluationException($"The selector of the key threw {thrown.GetType().Name}: {thrown.Message}", null, e, timeMs, thrown);
        }
    }

    private static void Drop(KeyRuns? key)
    {
        if (key is null)
            return;
        key.Runs = null;
        key.Forget();
    }

    private void PassDeadlines(long upToMs)
    {
        while (_deadlines.TryPeek(out var key, out var timer) && timer.DeadlineMs <= upToMs)
        {
            var first = _completions.Count;
            for (var deadlineMs = timer.DeadlineMs; timer.DeadlineMs == deadlineMs; _deadlines.TryPeek(out key, out timer))
            {
                _deadlines.Dequeue();
                if (key!.Runs is { } runs && runs.TimerMs == deadlineMs)
                {
                    runs.TimerMs = long.MaxValue;
                    PassDeadline(key, runs, deadlineMs);
                }
                if (_deadlines.Count == 0)
                    break;
            }
            OrderByStart(first);
        }
    }

    private void PassDeadline(KeyRuns key, RunSet runs, long deadlineMs)
    {
        try
        {
            Remember(key, _evaluator.AdvanceTime(runs, deadlineMs, _completions), long.MinValue);
        }
        catch (PatternEvaluationException)
        {
            Drop(key);
            throw;
        }
    }

    /// <summary>Among deadlines of one time, the match that began first comes first, whatever the keys.</summary>
    private void OrderByStart(int first)
    {
        if (_completions.Count - first < 2)
            return;
        var ordered = _completions.Skip(first).OrderBy(c => c.Events()[0].Sequence).ToList();
        _completions.RemoveRange(first, ordered.Count);
        _completions.AddRange(ordered);
    }

    /// <param name="key">The key.</param>
    /// <param name="after">What is remembered of it now.</param>
    /// <param name="earliestMs">When time can next pass for it: after an event, past its millisecond, so that the other events of that time come first.</param>
    private void Remember(KeyRuns key, RunSet? after, long earliestMs)
    {
        key.Runs = after;
        if (after is null)
        {
            key.Forget();
        }
        else if (Math.Max(after.NextDeadlineMs, earliestMs) is var nextMs && nextMs < after.TimerMs)
        {
            after.TimerMs = nextMs;
            _deadlines.Enqueue(key, (nextMs, _timers++));
        }
    }

    private Match<T>[] Told()
    {
        if (_completions.Count == 0)
            return [];
        var told = _completions.Where(c => _withTimeouts || !c.IsTimeout).Select(c => new Match<T>(_evaluator.Pattern.Nfa, c)).ToArray();
        _completions.Clear();
        return told;
    }
}
