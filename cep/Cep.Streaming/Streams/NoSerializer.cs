using Cep.Engine.State.Serializers;

namespace Cep.Streaming.Streams;

/// <summary>Stands where nothing is ever written: in a job without checkpoints.</summary>
internal sealed class NoSerializer<T> : StateSerializer<T>
{
    /// <inheritdoc/>
    public override string Schema => "none";

    /// <inheritdoc/>
    public override void Write(T value, StateOutput output) => throw new InvalidOperationException("The job takes no checkpoints.");

    /// <inheritdoc/>
    public override Func<StateInput, T> ReaderOf(string writtenSchema, string what) => throw new InvalidOperationException("The job takes no checkpoints.");
}
