namespace Cep.Engine.Checkpoints;

/// <summary>Names one state of an operator and says how its entries were written.</summary>
/// <param name="Name">Unique within the operator.</param>
/// <param name="Kind">What it is: <c>value list map reducing timers operator events runs</c>.</param>
/// <param name="Key">How a key was written, as its serializer describes it.</param>
/// <param name="Value">How a value was written.</param>
public sealed record StateSchema(string Name, string Kind, string Key, string Value);

/// <summary>What a snapshot holds.</summary>
public enum SnapshotKind
{
    /// <summary>All there is; the beginning of a chain.</summary>
    Full,

    /// <summary>What changed since the last full or incremental snapshot of the chain.</summary>
    Incremental,

    /// <summary>All there is, for its owner alone: what counts as changed stays as it is.</summary>
    Savepoint,
}
