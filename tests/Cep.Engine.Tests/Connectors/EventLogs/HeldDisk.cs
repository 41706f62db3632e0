using Cep.Engine.Connectors.EventLogs;
using Cep.Engine.Tests.Support;

namespace Cep.Engine.Tests.Connectors.EventLogs;

/// <summary>A disk that stops in the flush of the first entry until the test lets it go on.</summary>
internal sealed class HeldDisk : IDisposable
{
    private readonly ManualResetEventSlim _reached = new();
    private readonly ManualResetEventSlim _goOn = new();
    private volatile bool _isArmed;
    private int _flushes;

    /// <summary>How often entries were flushed.</summary>
    public int Flushes => Volatile.Read(ref _flushes);

    public void OnDisk(string what)
    {
        if (!_isArmed || what != "flush") return;
        Interlocked.Increment(ref _flushes);
        _reached.Set();
        if (!_goOn.Wait(Hang.Limit)) throw new TimeoutException("Nobody lets the disk go on.");
    }

    /// <summary>Appends an entry, and returns when the disk has stopped.</summary>
    public ValueTask<long> Begin(EventLog log, string text)
    {
        _isArmed = true;
        ValueTask<long> first = log.AppendAsync(LogBed.Entry(text));
        if (!_reached.Wait(Hang.Limit)) throw new TimeoutException("The disk was not asked to flush.");
        return first;
    }

    public void GoOn() => _goOn.Set();

    public void Dispose()
    {
        _goOn.Set();
        _reached.Dispose();
    }
}
