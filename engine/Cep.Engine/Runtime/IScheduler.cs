namespace Cep.Engine.Runtime;

/// <summary>Where the threads of a job come from, and how they wait for each other: all that lets one thread run before another.</summary>
/// <remarks>Jobs use <see cref="ThreadScheduler"/>. A simulation lets one thread run at a time and chooses which, so that one seed decides the whole course.</remarks>
internal interface IScheduler
{
    /// <summary>Starts a thread.</summary>
    /// <param name="name">For people.</param>
    /// <param name="run">Its work; does not throw.</param>
    /// <returns>Waits for its end.</returns>
    Action Start(string name, Action run);

    /// <summary>Does work of a store beside the threads; it does not throw.</summary>
    void InBackground(Func<Task> work);

    /// <summary>Gives a gate up until someone pulses it. The caller has locked it, once, and has it locked again when this returns.</summary>
    void Wait(object gate);

    /// <summary>Wakes one who waits at a gate, which the caller has locked.</summary>
    void Pulse(object gate);

    /// <summary>Wakes everyone who waits at a gate, which the caller has locked.</summary>
    void PulseAll(object gate);

    /// <summary>Something that other threads see is about to happen; the caller has locked nothing. About once a batch.</summary>
    void Turn();

    /// <summary>How the answers that a job gives are made: whether who waits for one goes on beside the thread that gives it, or on that thread.</summary>
    TaskCreationOptions Answers { get; }
}

/// <summary>The threads of the system, which run as they like.</summary>
internal sealed class ThreadScheduler : IScheduler
{
    private ThreadScheduler()
    {
    }

    public static ThreadScheduler Instance { get; } = new();

    public Action Start(string name, Action run)
    {
        var thread = new Thread(() => run()) { Name = name, IsBackground = true };
        thread.Start();
        return thread.Join;
    }

    public TaskCreationOptions Answers => TaskCreationOptions.RunContinuationsAsynchronously;

    public void InBackground(Func<Task> work) => _ = Task.Run(work);

    public void Wait(object gate) => Monitor.Wait(gate);

    public void Pulse(object gate) => Monitor.Pulse(gate);

    public void PulseAll(object gate) => Monitor.PulseAll(gate);

    public void Turn()
    {
    }
}
