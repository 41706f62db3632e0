using Cep.Engine.Operators;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;

namespace Cep.Benchmarks.State;

/// <summary>Drives one subtask of an operator on the calling thread, its output written nowhere.</summary>
internal sealed class OperatorSubtask<TIn, TOut>
{
    private readonly SubtaskOutputs _outputs;
    private readonly Channel<EpochEnd> _toSink = new(1);

    public OperatorSubtask(Operator<TIn, TOut> op, int subtask = 0, int parallelism = 1)
    {
        Operator = op;
        _outputs = new SubtaskOutputs([], _toSink, new Pool<EpochOutputs>(() => new EpochOutputs([])));
        op.Open(new OperatorContext<TOut>("benchmark", subtask, parallelism, _outputs));
    }

    public Operator<TIn, TOut> Operator { get; }

    /// <summary>Hands over a batch.</summary>
    public void Process(ReadOnlySpan<StreamRecord<TIn>> batch) => Operator.Process(batch);
}
