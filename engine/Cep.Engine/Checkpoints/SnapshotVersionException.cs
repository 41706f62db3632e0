namespace Cep.Engine.Checkpoints;

/// <summary>A checkpoint or savepoint is whole, but of a format that this program does not read.</summary>
/// <param name="name">The name of the part in its store.</param>
/// <param name="found">The version it is of.</param>
/// <param name="newest">The newest version that this program reads; it reads all from 1 on.</param>
public sealed class SnapshotVersionException(string name, long found, long newest)
    : Exception($"The snapshot file {name} has format version {found}; this program reads versions up to {newest}. Use the version of the program that wrote it, or a newer one.")
{
    /// <summary>The version that the part is of.</summary>
    public long Found { get; } = found;

    /// <summary>The newest version that this program reads.</summary>
    public long Newest { get; } = newest;
}
