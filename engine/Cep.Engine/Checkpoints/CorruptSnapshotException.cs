namespace Cep.Engine.Checkpoints;

/// <summary>A part of a checkpoint or savepoint is not what was written: torn, changed, missing, or another file in its place.</summary>
public sealed class CorruptSnapshotException : Exception
{
    /// <summary>Says what is wrong with a part.</summary>
    /// <param name="name">The name of the part in its store.</param>
    /// <param name="reason">What is wrong, the end of a sentence that begins with the name; no full stop.</param>
    public CorruptSnapshotException(string name, string reason)
        : this($"The snapshot file {name} is damaged: {reason}.", name, reason)
    {
    }

    private CorruptSnapshotException(string message, string name, string reason)
        : base(message) => (Name, Reason) = (name, reason);

    /// <summary>The name of the part in its store.</summary>
    public string Name { get; }

    /// <summary>What is wrong, without the name and the full stop.</summary>
    public string Reason { get; }

    /// <summary>All checkpoints of a store are damaged.</summary>
    /// <param name="newest">The newest of them.</param>
    internal static CorruptSnapshotException NoneIsWhole(RefusedCheckpoint newest) =>
        new($"No checkpoint is whole, so the job cannot go on from where it stood. {newest.Reason}", newest.Name, newest.Reason);
}
