namespace Cep.Engine.Checkpoints;

/// <summary>Where checkpoints lie: whole objects under names, written once, with neither renaming nor appending, as an object store has them.</summary>
/// <remarks>Names are parts of letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, joined by <c>/</c>. Any thread may call.</remarks>
public abstract class CheckpointStore
{
    /// <summary>Writes an object. When the task is done the object survives a crash of the machine; a reader sees all of it or nothing.</summary>
    /// <param name="name">Taken by no other object, unless that is to be replaced.</param>
    /// <param name="chunks">The bytes, in order.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public abstract ValueTask WriteAsync(string name, IReadOnlyList<ReadOnlyMemory<byte>> chunks, CancellationToken cancel);

    /// <summary>Reads an object.</summary>
    /// <returns>Its bytes; null when there is none of that name.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public abstract ValueTask<byte[]?> ReadAsync(string name, CancellationToken cancel);

    /// <summary>The names that begin with a prefix, in ordinal order.</summary>
    public abstract ValueTask<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancel);

    /// <summary>Deletes an object, if it is there.</summary>
    public abstract ValueTask DeleteAsync(string name, CancellationToken cancel);
}
