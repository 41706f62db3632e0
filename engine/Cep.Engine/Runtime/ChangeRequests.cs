using System.Diagnostics.CodeAnalysis;

namespace Cep.Engine.Runtime;

/// <summary>The changes that a job without checkpoints is asked for: each is sent at the next epoch end, and done when it has come to the sinks.</summary>
/// <remarks>Safe for all threads. A job with checkpoints sends its changes with their barriers.</remarks>
internal sealed class ChangeRequests(IScheduler scheduler)
{
    private readonly Lock _gate = new();
    private readonly Queue<object> _toSend = [];
    private readonly Dictionary<object, TaskCompletionSource> _underWay = new(ReferenceEqualityComparer.Instance);
    private Signal? _merge;
    private bool _isRunning;

    /// <summary>The job runs from here on.</summary>
    /// <param name="merge">Wakes the merging thread.</param>
    public void Begin(Signal merge)
    {
        lock (_gate) (_merge, _isRunning) = (merge, true);
    }

    /// <summary>Asks for a change.</summary>
    /// <returns>Done when every operator has carried it out; failed when the job ended before.</returns>
    /// <exception cref="InvalidOperationException">The job is not running, or the very same change is under way.</exception>
    public Task Ask(object change)
    {
        var asked = new TaskCompletionSource(scheduler.Answers);
        lock (_gate)
        {
            if (!_isRunning) throw new InvalidOperationException("The job is not running.");
            if (!_underWay.TryAdd(change, asked)) throw new InvalidOperationException("This change is under way.");
            _toSend.Enqueue(change);
        }

        _merge!.Raise();
        return asked.Task;
    }

    /// <summary>For the merging thread: the next change to send, if there is one.</summary>
    public bool TryTake([MaybeNullWhen(false)] out object change)
    {
        lock (_gate) return _toSend.TryDequeue(out change);
    }

    /// <summary>For the sink thread: every operator has carried a change out.</summary>
    public void Arrived(object change)
    {
        TaskCompletionSource? asked;
        lock (_gate) _underWay.Remove(change, out asked);
        asked?.TrySetResult();
    }

    /// <summary>The job has ended: what has not arrived will not.</summary>
    public void End()
    {
        List<TaskCompletionSource> left;
        lock (_gate)
        {
            _isRunning = false;
            left = [.. _underWay.Values];
            _underWay.Clear();
        }

        foreach (TaskCompletionSource asked in left) asked.TrySetException(new InvalidOperationException("The job has ended."));
    }
}
