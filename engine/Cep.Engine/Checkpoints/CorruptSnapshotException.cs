namespace Cep.Engine.Checkpoints;

/// <summary>A checkpoint or savepoint is damaged, incomplete, or not one at all.</summary>
/// <param name="name">The object of the store.</param>
/// <param name="reason">What is wrong with it; a whole sentence.</param>
public sealed class CorruptSnapshotException(string name, string reason) : Exception($"{name}: {reason}")
{
    /// <summary>The object of the store that is damaged.</summary>
    public string Name { get; } = name;

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; } = reason;
}
