namespace Cep.Engine.Runtime;

/// <summary>Wakes one thread that waits for any of several things to happen.</summary>
/// <remarks>The waiting thread reads <see cref="Version"/>, looks whether there is anything to do, and if not waits past that version: nothing is
/// missed.</remarks>
internal sealed class Signal
{
    private readonly object _gate = new();
    private long _version;

    public long Version => Volatile.Read(ref _version);

    public void Raise()
    {
        lock (_gate)
        {
            _version++;
            Monitor.PulseAll(_gate);
        }
    }

    public void WaitPast(long version)
    {
        lock (_gate)
        {
            while (_version == version) Monitor.Wait(_gate);
        }
    }
}
