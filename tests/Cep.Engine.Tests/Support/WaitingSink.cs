using System.Collections.Concurrent;
using Cep.Engine.Connectors;

namespace Cep.Engine.Tests.Support;

/// <summary>Lets a test wait for what a running job writes; a job that never writes fails the test instead of hanging it.</summary>
internal sealed class WaitingSink<T>() : Sink<T>("waiting")
{
    private readonly BlockingCollection<T> _flushed = [];
    private readonly List<T> _written = [];

    public override void Write(in T value) => _written.Add(value);

    public override void Close() => Flush();

    public override void Flush()
    {
        foreach (T value in _written) _flushed.Add(value);
        _written.Clear();
    }

    public bool TryNext(out T value) => _flushed.TryTake(out value!);

    /// <summary>The next value, the clock going from timer to timer until it is there.</summary>
    public T NextWhile(ManualClock clock)
    {
        T? value = default;
        Hang.Until(() =>
        {
            if (_flushed.TryTake(out value)) return true;
            clock.AdvanceToNextTimer();
            return false;
        });
        return value!;
    }

    public T Next() => _flushed.TryTake(out T? value, Hang.Limit) ? value : throw new TimeoutException("The job wrote nothing.");
}

/// <summary>How long a test waits for a job before it calls it hung.</summary>
internal static class Hang
{
    public static TimeSpan Limit => TimeSpan.FromSeconds(60);

    /// <summary>Runs other threads until something is so.</summary>
    public static void Until(Func<bool> condition)
    {
        using var hang = new CancellationTokenSource(Limit);
        while (!condition())
        {
            hang.Token.ThrowIfCancellationRequested();
            Thread.Yield();
        }
    }
}
