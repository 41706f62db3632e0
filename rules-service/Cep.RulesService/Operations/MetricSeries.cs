namespace Cep.RulesService.Operations;

/// <summary>What kind of figure an instrument tells.</summary>
internal enum MetricKind
{
    /// <summary>It only grows.</summary>
    Counter,

    /// <summary>It goes up and down.</summary>
    Gauge,

    /// <summary>How many values were how large.</summary>
    Histogram,
}

/// <summary>The figures of an instrument.</summary>
/// <param name="Name">Its name, as <c>cep.rule.matches</c>.</param>
/// <param name="Unit">Its unit in the notation of UCUM; null for none.</param>
/// <param name="Description">What it counts; null for nothing said.</param>
/// <param name="Kind">What kind of figure.</param>
/// <param name="Series">One for each set of tags.</param>
internal sealed record Metric(string Name, string? Unit, string? Description, MetricKind Kind, IReadOnlyList<MetricSeries> Series);

/// <summary>A figure with its tags.</summary>
/// <param name="Tags">In the order of their names.</param>
internal sealed class MetricSeries(KeyValuePair<string, string>[] tags)
{
    /// <summary>The upper bounds of a histogram's buckets, for seconds, milliseconds and bytes alike.</summary>
    public static readonly double[] Bounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 50, 100, 500, 1e3, 5e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    /// <summary>In the order of their names.</summary>
    public KeyValuePair<string, string>[] Tags { get; } = tags;

    /// <summary>The figure; the sum of the values of a histogram.</summary>
    public double Value { get; private set; }

    /// <summary>How many values of a histogram were told.</summary>
    public long Count { get; private set; }

    /// <summary>How many were at most so large, by <see cref="Bounds"/>; each in the first bucket that takes it.</summary>
    public long[] Buckets { get; } = new long[Bounds.Length];

    /// <summary>Takes the figure as it is now.</summary>
    public void Set(double value)
    {
        lock (this)
            Value = value;
    }

    /// <summary>Adds to it.</summary>
    public void Add(double value)
    {
        lock (this)
            Value += value;
    }

    /// <summary>Takes a value of a histogram.</summary>
    public void Observe(double value)
    {
        var bucket = Array.FindIndex(Bounds, b => value <= b);
        lock (this)
        {
            Value += value;
            Count++;
            if (bucket >= 0)
                Buckets[bucket]++;
        }
    }

    /// <summary>A copy that does not change.</summary>
    public MetricSeries Copy()
    {
        var copy = new MetricSeries(Tags);
        lock (this)
        {
            (copy.Value, copy.Count) = (Value, Count);
            Buckets.CopyTo(copy.Buckets, 0);
        }
        return copy;
    }

    /// <summary>Adds the figures of another with the same tags.</summary>
    public void Merge(MetricSeries other)
    {
        (Value, Count) = (Value + other.Value, Count + other.Count);
        for (var i = 0; i < Buckets.Length; i++)
            Buckets[i] += other.Buckets[i];
    }
}
