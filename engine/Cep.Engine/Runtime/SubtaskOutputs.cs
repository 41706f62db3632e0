using Cep.Engine.Operators;

namespace Cep.Engine.Runtime;

/// <summary>One producer's end of the job's outputs: gathers what is emitted in an epoch and hands it to the sink thread.</summary>
internal sealed class SubtaskOutputs(IReadOnlyList<JobOutput> outputs, Channel<EpochEnd> toSink, Pool<EpochOutputs> pool)
{
    private readonly List<(int Output, Action<OutputRun> Attach)> _attached = [];
    private EpochOutputs _epoch = pool.Rent();

    /// <summary>Whether nothing was emitted in this epoch so far.</summary>
    public bool IsEmpty => _epoch.IsEmpty;

    /// <summary>The main output.</summary>
    public Output<T> Main<T>() => Side<T>(JobOutput.MainKey);

    /// <summary>The output of a key; not connected when the job has no sink for it.</summary>
    public Output<T> Side<T>(object key)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            if (outputs[i].Key != key) continue;
            var output = new Output<T>((OutputRun<T>)_epoch[i]);
            _attached.Add((i, run => output.Attach((OutputRun<T>)run)));
            return output;
        }

        return new Output<T>(null);
    }

    /// <summary>Hands the epoch to the sink thread, waiting while that is epochs behind.</summary>
    public void EndEpoch(Control control, bool isLast = false)
    {
        if (IsEmpty)
        {
            toSink.Put(new EpochEnd(null, control, isLast));
            return;
        }

        EpochOutputs full = _epoch;
        full.Sort();
        _epoch = pool.Rent();
        foreach ((int output, Action<OutputRun> attach) in _attached) attach(_epoch[output]);
        toSink.Put(new EpochEnd(full, control, isLast));
    }
}
