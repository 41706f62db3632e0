namespace Cep.RulesService.Alerts;

/// <summary>Tells those who wait that something is there. Any thread may raise it and wait for it.</summary>
/// <remarks>Take <see cref="Next"/>, then look for what it tells of, and only then wait: nothing is missed.</remarks>
internal sealed class Signal
{
    private TaskCompletionSource _next = NewSource();

    /// <summary>Ends when it is raised the next time.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Wakes those who wait.</summary>
    public void Raise() => Interlocked.Exchange(ref _next, NewSource()).SetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
