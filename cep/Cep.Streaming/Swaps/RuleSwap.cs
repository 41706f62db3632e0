using Cep.Streaming.Jobs;

namespace Cep.Streaming.Swaps;

/// <summary>A change of rules on its way through a job: every subtask carries it out at the same barrier.</summary>
/// <remarks>Safe for all threads. It holds for the rules that it was made for: where others run by then, it does nothing.</remarks>
/// <param name="from">The rules that run.</param>
/// <param name="plan">What happens to each.</param>
/// <param name="next">The new set.</param>
internal sealed class RuleSwap(RunningRules from, SwapPlan plan, PatternSet next)
{
    private readonly long[] _partialMatches = new long[plan.Rules.Count];
    private long _watermarkMs;
    private volatile bool _isTaken;
    private volatile bool _isComplete;

    public RunningRules From => from;

    public RunningRules To { get; } = from.After(plan, next);

    public SwapPlan Plan => plan;

    /// <summary>Whether the job has taken it up.</summary>
    public bool IsTaken => _isTaken;

    /// <summary>Whether it survives a failure from here on.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>The job takes it up.</summary>
    public void Take() => _isTaken = true;

    /// <summary>The job goes on from before it.</summary>
    public void Undo() => _isTaken = false;

    /// <summary>A checkpoint that has it is complete.</summary>
    public void Complete() => _isComplete = true;

    /// <summary>A subtask carries it out, at the same watermark as all.</summary>
    /// <param name="watermarkMs">Where.</param>
    /// <param name="partialMatches">How many partial matches a rule of the old set has there, by its name.</param>
    public void Count(long watermarkMs, Func<string, long> partialMatches)
    {
        Volatile.Write(ref _watermarkMs, watermarkMs);
        for (var i = 0; i < _partialMatches.Length; i++)
        {
            if (plan.Rules[i].Before is { } before)
                Interlocked.Add(ref _partialMatches[i], partialMatches(before));
        }
    }

    /// <summary>The plan as it was carried out, once every subtask has.</summary>
    public SwapPlan Done() => plan with
    {
        WatermarkMs = Volatile.Read(ref _watermarkMs),
        Rules = [.. plan.Rules.Select((r, i) => r with { PartialMatches = Interlocked.Read(ref _partialMatches[i]) })],
    };
}
