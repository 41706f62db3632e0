using Cep.Engine.Keys;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;

namespace Cep.Engine.Operators;

/// <summary>What one subtask of an operator knows of its place in the job, and where it emits. For the operator's thread only.</summary>
/// <typeparam name="TOut">The type of the main output.</typeparam>
public sealed class OperatorContext<TOut>
{
    private readonly SubtaskOutputs _outputs;

    internal OperatorContext(string operatorName, int subtask, int parallelism, SubtaskOutputs outputs)
    {
        OperatorName = operatorName;
        Subtask = subtask;
        Parallelism = parallelism;
        KeyGroups = KeyGroupAssignment.RangeOf(subtask, parallelism);
        _outputs = outputs;
        Output = outputs.Main<TOut>();
    }

    /// <summary>The name the operator was added to the job with.</summary>
    public string OperatorName { get; }

    /// <summary>This subtask's number, 0 to <see cref="Parallelism"/> - 1.</summary>
    public int Subtask { get; }

    /// <summary>The number of subtasks of the operator, 1 to 128.</summary>
    public int Parallelism { get; }

    /// <summary>The key groups whose records come to this subtask.</summary>
    public KeyGroupRange KeyGroups { get; }

    /// <summary>The main output.</summary>
    public Output<TOut> Output { get; }

    /// <summary>Emits to the main output; see <see cref="Output{T}.Emit"/>.</summary>
    public void Emit(TOut value, long timestampMs, long order, int rank = 0) => Output.Emit(value, timestampMs, order, rank);

    /// <summary>The side output of a tag. Ask once, in <see cref="Operator{TIn,TOut}.Open"/>, and keep it.</summary>
    /// <returns>An output whose <see cref="Output{T}.IsConnected"/> is false when the job writes it nowhere.</returns>
    public Output<T> SideOutput<T>(OutputTag<T> tag) => _outputs.Side<T>(tag);
}
