using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;

namespace Cep.Engine.Graph;

/// <summary>A keyed operator of a job, before it is spread over subtasks.</summary>
internal abstract class OperatorNode(string uid)
{
    /// <summary>The side outputs that are read, by tag; and the main output, by <see cref="JobOutput.MainKey"/>.</summary>
    private readonly Dictionary<object, StreamRoot> _outputs = [];

    /// <summary>Names it in messages, and its state in checkpoints.</summary>
    public string Uid { get; set; } = uid;

    /// <summary>Whether the user gave the uid.</summary>
    public bool IsUidGiven { get; set; }

    /// <summary>What it reads.</summary>
    public abstract StreamEnd Input { get; }

    public abstract bool IsShuffled { get; }

    /// <summary>An output by its key; null when nobody reads it.</summary>
    public StreamRoot? Find(object key) => _outputs.GetValueOrDefault(key);

    /// <summary>A side output.</summary>
    public StreamRoot<T> Side<T>(OutputTag<T> tag) => Output<T>(tag, () => $"{Uid}.{tag.Name}");

    /// <summary>Adds the operator's subtasks to an execution.</summary>
    public abstract void AddTo(JobExecution execution);

    /// <summary>An output, which is read from now on.</summary>
    public StreamRoot<T> Output<T>(object key, Func<string> name)
    {
        if (!_outputs.TryGetValue(key, out StreamRoot? root)) _outputs[key] = root = new StreamRoot<T>(this, name);
        return (StreamRoot<T>)root;
    }
}

/// <inheritdoc/>
/// <param name="uid">See <see cref="OperatorNode.Uid"/>.</param>
/// <param name="partitioner">Which records it takes, and by which key.</param>
/// <param name="create">Makes the operator of one subtask.</param>
/// <param name="takesLate">Whether it takes records of sources that are late.</param>
internal sealed class OperatorNode<TIn, TOut>(string uid, Partitioner<TIn> partitioner, Func<Operator<TIn, TOut>> create, bool takesLate = false) : OperatorNode(uid)
{
    private readonly OperatorInput<TIn> _input = new() { TakesLate = takesLate };

    public Partitioner<TIn> Partitioner { get; } = partitioner;

    public Func<Operator<TIn, TOut>> Create { get; } = create;

    public override StreamEnd Input => _input;

    public override bool IsShuffled => _input.IsShuffled;

    public StreamRoot<TOut> Main => Output<TOut>(JobOutput.MainKey, () => Uid);

    public override void AddTo(JobExecution execution) => execution.AddSubtasks(this);
}
