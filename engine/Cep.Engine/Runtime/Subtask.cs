using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;
using Cep.Engine.Time;

namespace Cep.Engine.Runtime;

/// <summary>One subtask of an operator: feeds it what comes through the channel, on one thread, from open to close.</summary>
/// <remarks>
/// A snapshot is begun at its barrier and written in slices between elements, so that records go on being processed; at an empty channel it is written
/// to its end. It is acknowledged when its last slice is written.
/// </remarks>
internal sealed class Subtask<TIn, TOut>(
    Operator<TIn, TOut> op,
    OperatorContext<TOut> context,
    Channel<Element<TIn>> input,
    Pool<Batch<TIn>> pool,
    SubtaskOutputs outputs,
    SubtaskProgress progress,
    SubtaskCheckpoints? checkpoints,
    long sliceBytes)
{
    private long _watermarkMs = checkpoints?.RestoredWatermarkMs ?? Watermark.None;

    public void Run()
    {
        progress.Enter(SubtaskState.Busy);
        try
        {
            Operate();
        }
        finally
        {
            progress.Enter(SubtaskState.Idle);
        }
    }

    private void Operate()
    {
        op.Open(context);
        bool completed = false;
        try
        {
            if (checkpoints?.Restored is { } state) op.Restore(state);
            Loop();
            completed = true;
        }
        finally
        {
            Close(hasFailed: !completed);
        }
    }

    private void Loop()
    {
        while (true)
        {
            Element<TIn> element = Next();
            switch (element.Kind)
            {
                case ElementKind.Data:
                    progress.Took(element.Batch!.Count);
                    op.Process(element.Batch.Records);
                    element.Batch.Clear();
                    pool.Return(element.Batch);
                    checkpoints?.WriteSlice(sliceBytes);
                    break;
                case ElementKind.EpochEnd:
                    EndEpoch(element.Control);
                    break;
                case ElementKind.EndOfInput:
                    op.EndInput();
                    outputs.EndEpoch(new Control(_watermarkMs, 0), isLast: true);
                    return;
            }
        }
    }

    private Element<TIn> Next()
    {
        Element<TIn> element;
        while (!input.TryTake(out element))
        {
            if (checkpoints is not { IsWriting: true }) return Wait();
            checkpoints.WriteSlice(sliceBytes);
        }

        return element;
    }

    private Element<TIn> Wait()
    {
        progress.Enter(SubtaskState.Idle);
        Element<TIn> element = input.Take();
        progress.Enter(SubtaskState.Busy);
        return element;
    }

    private void EndEpoch(Control control)
    {
        op.AdvanceProcessingTime(control.ProcessingTimeMs);
        if (control.WatermarkMs > _watermarkMs) op.AdvanceWatermark(_watermarkMs = control.WatermarkMs);
        if (control.Barrier is { } barrier)
        {
            progress.ReachedBarrier(barrier.CheckpointId);
            checkpoints!.Begin(barrier, op.BeginSnapshot);
        }

        if (control.Change is { } change) op.Apply(change);

        progress.EndedEpoch(_watermarkMs, op.TimersSet);
        outputs.EndEpoch(control);
    }

    private void Close(bool hasFailed)
    {
        try
        {
            op.Close();
        }
        catch (Exception) when (hasFailed)
        {
            // The job ends with what failed first.
        }
    }
}
