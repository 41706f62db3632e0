namespace Cep.Engine.Runtime;

/// <summary>When the barriers of checkpoints under way were seen, by the clock's timestamps. For any thread.</summary>
internal sealed class BarrierTimes
{
    private readonly object _gate = new();
    private readonly Dictionary<long, (long First, long Last)> _seen = [];

    /// <summary>A barrier is sent, or has come to a subtask.</summary>
    public void Reached(long checkpointId, long timestamp)
    {
        lock (_gate) _seen[checkpointId] = (_seen.TryGetValue(checkpointId, out (long First, long Last) seen) ? seen.First : timestamp, timestamp);
    }

    /// <summary>A checkpoint is complete or given up: forgets it and those before it.</summary>
    /// <returns>When its barrier was sent, and when it came to the last subtask; null when it was never sent.</returns>
    public (long First, long Last)? Take(long checkpointId)
    {
        lock (_gate)
        {
            (long, long)? times = _seen.TryGetValue(checkpointId, out (long First, long Last) seen) ? seen : null;
            foreach (long id in _seen.Keys.Where(id => id <= checkpointId).ToArray()) _seen.Remove(id);
            return times;
        }
    }

    /// <summary>The job is restarted: numbers begin after its last complete checkpoint again.</summary>
    public void Clear()
    {
        lock (_gate) _seen.Clear();
    }
}
