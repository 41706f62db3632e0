namespace Cep.Engine.Runtime;

/// <summary>What one producer emitted to every output of the job in one epoch: the stretch between two watermarks. Pooled.</summary>
/// <param name="runs">One run an output, in the order of the job's outputs.</param>
internal sealed class EpochOutputs(OutputRun[] runs)
{
    public bool IsEmpty
    {
        get
        {
            foreach (OutputRun run in runs)
            {
                if (run.Count > 0) return false;
            }

            return true;
        }
    }

    /// <summary>The number of values.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (OutputRun run in runs) count += run.Count;
            return count;
        }
    }

    public OutputRun this[int output] => runs[output];

    public void Sort()
    {
        foreach (OutputRun run in runs) run.Sort();
    }

    public void Clear()
    {
        foreach (OutputRun run in runs) run.Clear();
    }
}

/// <summary>The end of one producer's epoch, as it goes to the sink thread.</summary>
/// <param name="Outputs">What was emitted; null when nothing was.</param>
/// <param name="Control">What ended the epoch; the same for every producer.</param>
/// <param name="IsLast">Whether no epoch follows.</param>
internal readonly record struct EpochEnd(EpochOutputs? Outputs, Control Control, bool IsLast);
