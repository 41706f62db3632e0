namespace Cep.Cli;

/// <summary>Waits for tasks on threads that have nothing else to do: that of a command, and those of a job that tell it what happens.</summary>
internal static class Blocking
{
    /// <summary>The task's result; what it throws is thrown as it is.</summary>
    public static T Await<T>(this Task<T> task)
    {
        var awaiter = task.GetAwaiter();
        return awaiter.GetResult();
    }
}
