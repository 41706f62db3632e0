using Cep.Engine.Runtime;

namespace Cep.Engine.Diagnostics;

/// <summary>In which states a subtask spent the last while, in milliseconds of each second.</summary>
/// <remarks>The while begins and ends where someone looks, and is at least a second long: looking more often, or by several, gives the same shares again. For any thread.</remarks>
internal sealed class TimeShares(SubtaskProgress subtask, TimeProvider timeProvider)
{
    private const double MsPerSecond = 1000;

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private long _since = timeProvider.GetTimestamp();
    private SubtaskTimes _then = subtask.Times;
    private SubtaskTimes _whole;

    /// <summary>The shares; null in the first second.</summary>
    public (double Idle, double Busy, double Backpressured)? PerSecond
    {
        get
        {
            lock (_gate)
            {
                GoOn();
                double total = _whole.Idle + _whole.Busy + _whole.Backpressured;
                return total == 0 ? null : (MsPerSecond * _whole.Idle / total, MsPerSecond * _whole.Busy / total, MsPerSecond * _whole.Backpressured / total);
            }
        }
    }

    private void GoOn()
    {
        if (timeProvider.GetElapsedTime(_since) < Least) return;
        SubtaskTimes now = subtask.Times;
        (_whole, _then, _since) = (now - _then, now, timeProvider.GetTimestamp());
    }
}
