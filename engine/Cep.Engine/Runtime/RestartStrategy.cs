namespace Cep.Engine.Runtime;

/// <summary>Decides whether a job that failed goes on from its last checkpoint, and after what pause.</summary>
/// <remarks>Used by one job, by its own thread.</remarks>
public abstract class RestartStrategy
{
    private RestartStrategy()
    {
    }

    /// <summary>A failure ends the job.</summary>
    public static RestartStrategy None { get; } = new Never();

    /// <summary>At most so many restarts, each after the same pause.</summary>
    /// <param name="restarts">Over the whole life of the job; not negative.</param>
    /// <param name="delay">Not negative, at most 24 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static RestartStrategy FixedDelay(int restarts, TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(restarts);
        CheckDelay(delay);
        return new Fixed(restarts, delay);
    }

    /// <summary>Restarts without end, after pauses that double up to a bound, each spread at random so that many jobs do not return at once.</summary>
    /// <param name="first">The first pause; positive.</param>
    /// <param name="most">The longest pause; not less than the first, at most 24 days.</param>
    /// <param name="resetAfter">A run without failure of this length begins again with the first pause.</param>
    /// <param name="jitter">The part of a pause by which it is made longer or shorter, 0 to 1. Default 0.1.</param>
    /// <param name="seed">Of the random spread.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static RestartStrategy ExponentialDelay(TimeSpan first, TimeSpan most, TimeSpan resetAfter, double jitter = 0.1, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        CheckDelay(most);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, first);
        ArgumentOutOfRangeException.ThrowIfLessThan(resetAfter, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(jitter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, 1);
        return new Exponential(first, most, resetAfter, jitter, new Random(seed));
    }

    /// <summary>Restarts as long as failures are rare.</summary>
    /// <param name="failures">A failure ends the job when there were this many others before it in the interval; positive.</param>
    /// <param name="interval">Looked back from a failure; positive.</param>
    /// <param name="delay">The pause before each restart; not negative, at most 24 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static RestartStrategy FailureRate(int failures, TimeSpan interval, TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(failures);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        CheckDelay(delay);
        return new Rate(failures, interval, delay);
    }

    /// <summary>Whether to restart after a failure.</summary>
    /// <param name="now">When it happened: time since an origin of the job's clock, never less than at the call before.</param>
    /// <param name="delay">The pause before the restart.</param>
    internal abstract bool TryRestart(TimeSpan now, out TimeSpan delay);

    private static void CheckDelay(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, TimeSpan.FromDays(24));
    }

    private sealed class Never : RestartStrategy
    {
        internal override bool TryRestart(TimeSpan now, out TimeSpan delay)
        {
            delay = TimeSpan.Zero;
            return false;
        }
    }

    private sealed class Fixed(int restarts, TimeSpan pause) : RestartStrategy
    {
        private int _left = restarts;

        internal override bool TryRestart(TimeSpan now, out TimeSpan delay)
        {
            delay = pause;
            return _left-- > 0;
        }
    }

    private sealed class Exponential(TimeSpan first, TimeSpan most, TimeSpan resetAfter, double jitter, Random random) : RestartStrategy
    {
        private TimeSpan _next;
        private TimeSpan? _last;

        internal override bool TryRestart(TimeSpan now, out TimeSpan delay)
        {
            if (_last is null || now - _last > resetAfter) _next = first;
            _last = now;
            delay = _next * (1 + jitter * (2 * random.NextDouble() - 1));
            _next = _next * 2 < most ? _next * 2 : most;
            return true;
        }
    }

    private sealed class Rate(int failures, TimeSpan interval, TimeSpan pause) : RestartStrategy
    {
        private readonly Queue<TimeSpan> _recent = [];

        internal override bool TryRestart(TimeSpan now, out TimeSpan delay)
        {
            delay = pause;
            while (_recent.TryPeek(out TimeSpan oldest) && now - oldest >= interval) _recent.Dequeue();
            _recent.Enqueue(now);
            return _recent.Count <= failures;
        }
    }
}
