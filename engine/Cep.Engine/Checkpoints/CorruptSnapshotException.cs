namespace Cep.Engine.Checkpoints;

/// <summary>A part of a checkpoint or savepoint is not what was written: torn, changed, missing, or another file in its place.</summary>
/// <param name="name">The name of the part in its store.</param>
/// <param name="reason">What is wrong, the end of a sentence that begins with the name.</param>
public sealed class CorruptSnapshotException(string name, string reason) : Exception($"The snapshot file {name} is damaged: {reason}.")
{
    /// <summary>The name of the part in its store.</summary>
    public string Name { get; } = name;

    /// <summary>What is wrong, without the name and the full stop.</summary>
    public string Reason { get; } = reason;
}
