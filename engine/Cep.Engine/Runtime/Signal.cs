namespace Cep.Engine.Runtime;

/// <summary>Wakes one thread that waits for any of several things to happen.</summary>
/// <remarks>The waiting thread reads <see cref="Version"/>, looks whether there is anything to do, and if not waits past that version: nothing is
/// missed.</remarks>
/// <param name="scheduler">How threads wait; null for the system's way.</param>
internal sealed class Signal(IScheduler? scheduler = null)
{
    private readonly IScheduler _scheduler = scheduler ?? ThreadScheduler.Instance;
    private readonly object _gate = new();
    private long _version;

    public long Version
    {
        get
        {
            _scheduler.Turn();
            return Volatile.Read(ref _version);
        }
    }

    public void Raise()
    {
        _scheduler.Turn();
        lock (_gate)
        {
            _version++;
            _scheduler.PulseAll(_gate);
        }
    }

    public void WaitPast(long version)
    {
        lock (_gate)
        {
            while (_version == version) _scheduler.Wait(_gate);
        }
    }
}
