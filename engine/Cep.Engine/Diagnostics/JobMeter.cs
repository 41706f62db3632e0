using System.Diagnostics.Metrics;

namespace Cep.Engine.Diagnostics;

/// <summary>The meter of one run of a job, for what publishes figures beside the job's own. Its instruments say nothing any more once it is disposed.</summary>
/// <remarks>What an instrument observes is asked for on the thread of whoever listens, by several at a time.</remarks>
public sealed class JobMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly bool _isOwn;
    private volatile bool _hasEnded;

    /// <summary>A meter without instruments.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="factory">Makes it, and keeps it beyond the job; null for one that ends with the job.</param>
    public JobMeter(string name, IMeterFactory? factory)
    {
        _isOwn = factory is null;
        _meter = factory?.Create(new MeterOptions(name)) ?? new Meter(name);
    }

    /// <summary>Adds a count that only grows, over the life of the meter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="unit">Its unit, in the notation of UCUM: <c>ms</c>, <c>By</c>, <c>{record}</c>.</param>
    /// <param name="description">What it counts; a phrase.</param>
    /// <param name="observe">Gives the counts so far, each with its tags.</param>
    public void Counter(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> observe) =>
        _meter.CreateObservableCounter(name, WhileItRuns(observe), unit, description);

    /// <summary>Adds a figure of the moment.</summary>
    /// <inheritdoc cref="Counter"/>
    public void Gauge<T>(string name, string unit, string description, Func<IEnumerable<Measurement<T>>> observe)
        where T : struct =>
        _meter.CreateObservableGauge(name, WhileItRuns(observe), unit, description);

    /// <summary>Adds a figure that is told each time there is one.</summary>
    /// <inheritdoc cref="Counter"/>
    public Histogram<T> Histogram<T>(string name, string unit, string description)
        where T : struct =>
        _meter.CreateHistogram<T>(name, unit, description);

    /// <summary>The job has ended.</summary>
    public void Dispose()
    {
        _hasEnded = true;
        if (_isOwn) _meter.Dispose();
    }

    private Func<IEnumerable<Measurement<T>>> WhileItRuns<T>(Func<IEnumerable<Measurement<T>>> observe)
        where T : struct =>
        () => _hasEnded ? [] : observe();
}
