using Cep.Engine.Operators;
using Cep.Engine.Time;

namespace Cep.Engine.Runtime;

/// <summary>One subtask of an operator: feeds it what comes through the channel, on one thread, from open to close.</summary>
internal sealed class Subtask<TIn, TOut>(
    Operator<TIn, TOut> op, OperatorContext<TOut> context, Channel<Element<TIn>> input, Pool<Batch<TIn>> pool, SubtaskOutputs outputs)
{
    public void Run()
    {
        op.Open(context);
        bool completed = false;
        try
        {
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
        long watermarkMs = Watermark.None;
        while (true)
        {
            Element<TIn> element = input.Take();
            switch (element.Kind)
            {
                case ElementKind.Data:
                    op.Process(element.Batch!.Records);
                    element.Batch.Clear();
                    pool.Return(element.Batch);
                    break;
                case ElementKind.Watermark:
                    if (element.WatermarkMs > watermarkMs) op.AdvanceWatermark(watermarkMs = element.WatermarkMs);
                    outputs.EndEpoch(isLast: false);
                    break;
                case ElementKind.EndOfInput:
                    outputs.EndEpoch(isLast: true);
                    return;
            }
        }
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
