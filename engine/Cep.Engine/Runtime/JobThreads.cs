namespace Cep.Engine.Runtime;

/// <summary>The threads and channels of one run of a job: starts and joins them, and frees them all when one fails.</summary>
internal sealed class JobThreads(IScheduler scheduler)
{
    private readonly List<Action> _aborts = [];
    private readonly List<(string Name, Action Run, bool CanBlockForEver)> _threads = [];
    private JobException? _failure;

    /// <summary>What failed first; null when nothing has.</summary>
    public JobException? Failure => Volatile.Read(ref _failure);

    public Channel<T> NewChannel<T>(int capacity, Signal? onPut = null)
    {
        var channel = new Channel<T>(capacity, onPut, scheduler);
        OnFailure(channel.Abort);
        return channel;
    }

    /// <summary>Has something called when a part of the job fails, so that whoever waits is freed.</summary>
    public void OnFailure(Action abort) => _aborts.Add(abort);

    /// <summary>Adds a thread, whose failure is that of the job.</summary>
    /// <param name="name">The thread's name, and how a failure names the part of the job.</param>
    /// <param name="run">Its work.</param>
    public void Add(string name, Action run) => Add(name, () => Guard(name, run), canBlockForEver: false);

    /// <summary>Adds a thread that sees to its failures itself.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="run">Its work; does not throw.</param>
    /// <param name="canBlockForEver">Whether the job may end without it.</param>
    public void Add(string name, Action run, bool canBlockForEver) => _threads.Add((name, run, canBlockForEver));

    /// <summary>Starts every thread and waits for those that end.</summary>
    public void Run()
    {
        Action[] joins = [.. _threads.Select(thread => scheduler.Start(thread.Name, thread.Run))];
        for (int i = 0; i < joins.Length; i++)
        {
            if (!_threads[i].CanBlockForEver) joins[i]();
        }
    }

    /// <summary>Notes what failed, and frees everyone who waits.</summary>
    public void Fail(string where, Exception problem)
    {
        JobException failure = problem as JobException ?? new JobException(where, problem);
        if (Interlocked.CompareExchange(ref _failure, failure, null) is not null) return;
        foreach (Action abort in _aborts) abort();
    }

    private void Guard(string where, Action run)
    {
        try
        {
            run();
        }
        catch (OperationCanceledException) when (Failure is not null)
        {
            // Another part failed, and the channels let go of this one.
        }
        catch (Exception problem)
        {
            Fail(where, problem);
        }
    }
}
