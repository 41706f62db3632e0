namespace Cep.Engine.Checkpoints;

/// <summary>What an operator writes of its state at a barrier.</summary>
public enum SnapshotKind
{
    /// <summary>Everything; a chain of segments begins anew with it. What is remembered counts as unchanged afterwards.</summary>
    Full = 0,

    /// <summary>What was changed or deleted since the last full or incremental snapshot. What is remembered counts as unchanged afterwards.</summary>
    Incremental = 1,

    /// <summary>Everything, for a savepoint, which its user owns. Leaves alone what counts as changed.</summary>
    Savepoint = 2,
}
