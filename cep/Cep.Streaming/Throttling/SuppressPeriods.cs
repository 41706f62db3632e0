namespace Cep.Streaming.Throttling;

/// <summary>Which values had an alert lately, and how many alerts with the same values were not told since. For one thread.</summary>
/// <remarks>
/// Times never go back. What is remembered is bounded by the alerts told in the last two periods: values without an alert that was not told are forgotten at the end of their period, others one period later.
/// </remarks>
/// <param name="forMs">How long a period is, in milliseconds.</param>
internal sealed class SuppressPeriods(long forMs)
{
    private readonly Dictionary<object?[], Period> _periods = new(new SameValues());

    // The beginnings of periods, oldest first: those that are not over, and those that are over with alerts that were not told.
    private readonly Queue<(long BeginMs, Period Period)> _open = new();
    private readonly Queue<(long BeginMs, Period Period)> _over = new();

    /// <summary>How many values are remembered.</summary>
    public int Count => _periods.Count;

    /// <summary>Whether an alert falls into the period of its values; then it is counted with them.</summary>
    public bool TrySuppress(object?[] values, long timeMs)
    {
        Forget(timeMs);
        if (!_periods.TryGetValue(values, out var period) || End(period.BeginMs, 1) <= timeMs)
            return false;
        period.Suppressed++;
        return true;
    }

    /// <summary>Begins a period, with an alert that is told.</summary>
    /// <returns>How many alerts with the same values were not told since the last that was.</returns>
    public long Begin(object?[] values, long timeMs)
    {
        if (!_periods.TryGetValue(values, out var period))
            _periods.Add(values, period = new Period(values));
        var suppressed = period.Suppressed;
        (period.BeginMs, period.Suppressed) = (timeMs, 0);
        _open.Enqueue((timeMs, period));
        return suppressed;
    }

    /// <summary>What is remembered, in the order in which the periods began.</summary>
    public IEnumerable<(object?[] Values, long BeginMs, long Suppressed)> Remembered =>
        _over.Concat(_open).Where(e => e.Period.BeginMs == e.BeginMs).Select(e => (e.Period.Values, e.BeginMs, e.Period.Suppressed));

    /// <summary>Takes over one of <see cref="Remembered"/>, in that order.</summary>
    public void Add(object?[] values, long beginMs, long suppressed)
    {
        var period = new Period(values) { BeginMs = beginMs, Suppressed = suppressed };
        _periods.Add(values, period);
        _open.Enqueue((beginMs, period));
    }

    private void Forget(long timeMs)
    {
        while (_open.TryPeek(out var first) && End(first.BeginMs, 1) <= timeMs)
        {
            _open.Dequeue();
            if (first.Period.Suppressed > 0)
                _over.Enqueue(first);
            else
                _periods.Remove(first.Period.Values);
        }
        while (_over.TryPeek(out var first) && End(first.BeginMs, 2) <= timeMs)
        {
            _over.Dequeue();
            // Else the values have begun another period meanwhile.
            if (first.Period.BeginMs == first.BeginMs)
                _periods.Remove(first.Period.Values);
        }
    }

    private long End(long beginMs, int periods)
    {
        for (; periods > 0; periods--)
            beginMs = beginMs > long.MaxValue - forMs ? long.MaxValue : beginMs + forMs;
        return beginMs;
    }

    private sealed class Period(object?[] values)
    {
        public readonly object?[] Values = values;
        public long BeginMs;
        public long Suppressed;
    }

    private sealed class SameValues : IEqualityComparer<object?[]>
    {
        public bool Equals(object?[]? x, object?[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(object?[] values)
        {
            var hash = default(HashCode);
            foreach (var value in values)
                hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
