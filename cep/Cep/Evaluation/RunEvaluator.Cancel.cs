using Cep.Matching;

namespace Cep.Evaluation;

/// <summary>Partial matches that are called off.</summary>
internal sealed partial class RunEvaluator
{
    /// <summary>The partial matches that were called off.</summary>
    public long CancelledPartials { get; private set; }

    /// <summary>Drops every partial match of a key, and tells the complete matches that nothing holds back any more.</summary>
    /// <param name="runs">What is remembered of the key.</param>
    /// <param name="nowMs">Event time; every deadline at or before it has passed.</param>
    /// <param name="output">Takes the matches.</param>
    /// <returns>What is remembered now, as with <see cref="OnEvent"/>.</returns>
    /// <exception cref="PatternEvaluationException">The skip strategy fails; as with <see cref="OnEvent"/>.</exception>
    public RunSet? Cancel(RunSet runs, long nowMs, List<Completion> output)
    {
        Changing?.Invoke();
        var (before, told) = (runs.Partial.Count, output.Count);
        CancelledPartials += before - 1;
        if (runs.HasDropped)
        {
            runs.Dropped.Clear();
            _setsWithDropped--;
        }
        runs.Partial.Clear();
        runs.Partial.Add(_start);
        try
        {
            if (runs.HasCompleted)
                EmitUnderSkip(runs, nowMs, output, isDeadline: true);
        }
        catch (PatternEvaluationException)
        {
            Abandon(before, output, told);
            throw;
        }
        return Commit(runs, before);
    }
}
