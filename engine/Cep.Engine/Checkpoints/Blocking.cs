using System.Runtime.ExceptionServices;

namespace Cep.Engine.Checkpoints;

/// <summary>Waits for a store on a thread that is there to wait: the coordinator's, or the one that starts a job.</summary>
internal static class Blocking
{
    /// <summary>Blocks until the task ends.</summary>
    public static void Wait(ValueTask task) => Wait(task.AsTask());

    /// <inheritdoc cref="Wait(ValueTask)"/>
    public static void Wait(Task task)
    {
        ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        if (task.Exception?.InnerException is { } problem) ExceptionDispatchInfo.Throw(problem);
    }

    /// <summary>Blocks until the task ends, and gives its result.</summary>
    public static T Wait<T>(Task<T> task)
    {
        Wait((Task)task);
        return task.Result;
    }
}
