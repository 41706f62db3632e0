using Cep.Engine.State;
using Cep.Engine.State.Serializers;
using Cep.Engine.Streams;
using Cep.Engine.Timers;
using Cep.Evaluation;
using Cep.Matching;

namespace Cep.Streaming.Streams;

/// <summary>Looks for a pattern in the events of each key. An event waits, under its time, for the timer of that time; a deadline is a timer too.</summary>
/// <param name="pattern">What to look for.</param>
/// <param name="options">What becomes of the rest.</param>
/// <param name="events">Keeps events in checkpoints; null when none are taken.</param>
internal sealed class PatternFunction<TKey, T>(CompiledPattern pattern, PatternStreamOptions<T> options, StateSerializer<T>? events)
    : KeyedProcessFunction<TKey, T, Match<T>>
    where TKey : notnull
    where T : class
{
    private readonly RunEvaluator _evaluator = new(pattern, options.Limit);
    private readonly List<Completion> _completions = [];
    private MapState<long, T[]> _waiting = null!;
    private ValueState<KeyMatches> _matches = null!;
    private Collector<Match<T>>? _timeouts;
    private Collector<T>? _late;

    /// <inheritdoc/>
    public override void Open(StateContext context)
    {
        _waiting = context.State(new MapStateDescriptor<long, T[]>("waiting", null, events is null ? new NoSerializer<T[]>() : StateSerializer.Of<T[]>()));
        _matches = context.State(new ValueStateDescriptor<KeyMatches>("matches", events is null ? new NoSerializer<KeyMatches>() : new KeyMatchesSerializer<T>(pattern, events)));
        _timeouts = options.Timeouts is { } timeouts ? context.SideOutput(timeouts) : null;
        _late = options.Late is { } late ? context.SideOutput(late) : null;
    }

    /// <inheritdoc/>
    public override void ProcessElement(T value, KeyedContext<TKey> context, Collector<Match<T>> output)
    {
        ArgumentNullException.ThrowIfNull(value);
        var timeMs = context.TimestampMs;
        if (timeMs <= context.WatermarkMs)
        {
            _late?.Emit(value);
            return;
        }
        _waiting[timeMs] = _waiting.TryGet(timeMs, out var before) ? [.. before, value] : [value];
        context.RegisterEventTimer(timeMs);
    }

    /// <inheritdoc/>
    public override void OnTimer(long timeMs, TimerDomain domain, KeyedContext<TKey> context, Collector<Match<T>> output)
    {
        _matches.Touch();
        var matches = _matches.Value ?? new KeyMatches();
        Adopt(matches);
        var deadlineMs = matches.Runs?.NextDeadlineMs;
        while (matches.Runs is { } runs && runs.NextDeadlineMs <= timeMs)
            matches.Runs = _evaluator.AdvanceTime(runs, timeMs, _completions);
        var isEvent = _waiting.TryGet(timeMs, out var waiting);
        if (isEvent)
        {
            _waiting.Remove(timeMs);
            foreach (var e in waiting!)
                Offer(matches, e, timeMs);
        }
        else if (deadlineMs > timeMs)
        {
            return;
        }
        Emit(output);
        Remember(matches, timeMs, context);
    }

    private void Adopt(KeyMatches matches)
    {
        if (matches is not { IsRestored: true, Runs: { } restored })
            return;
        _evaluator.Adopt(restored);
        matches.IsRestored = false;
    }

    private void Offer(KeyMatches matches, T e, long timeMs)
    {
        if (_evaluator.Begin(e, timeMs, matches.NextSequence++))
            matches.Runs = _evaluator.OnEvent(matches.Runs, _completions);
    }

    private void Emit(Collector<Match<T>> output)
    {
        foreach (var completion in _completions)
            (completion.IsTimeout ? _timeouts : output)?.Emit(new Match<T>(pattern.Nfa, completion));
        _completions.Clear();
    }

    private void Remember(KeyMatches matches, long timeMs, KeyedContext<TKey> context)
    {
        if (matches.Runs is not { } runs)
        {
            _matches.Clear();
            return;
        }
        _matches.Value = matches;
        if (runs.NextDeadlineMs == long.MaxValue)
            return;
        // What is due already passes after this millisecond, as other events of it may still be offered to the key of a matcher.
        context.RegisterEventTimer(Math.Max(runs.NextDeadlineMs, timeMs == long.MaxValue ? timeMs : timeMs + 1));
    }
}
