using Cep.Engine.Keys;
using Cep.Engine.Runtime;

namespace Cep.Engine.Checkpoints;

/// <summary>What a job goes on from: a checkpoint or savepoint that was verified, and whose state is whose.</summary>
internal sealed class RestoredJob
{
    private readonly Snapshot _snapshot;
    private readonly RestorePlan _plan;

    /// <summary>Maps the state to the operators of a job.</summary>
    /// <param name="snapshot">What there is.</param>
    /// <param name="writers">Who goes on with it.</param>
    /// <param name="options">What was renamed, and what may be dropped.</param>
    /// <exception cref="InvalidOperationException">There is state that belongs to no operator.</exception>
    public RestoredJob(Snapshot snapshot, IReadOnlyCollection<SnapshotWriter> writers, CheckpointOptions options)
    {
        _snapshot = snapshot;
        string[] uids = [.. writers.Select(writer => writer.Uid).Distinct()];

        // An output that is written nowhere any more has nothing to commit.
        var dropped = options.Dropped.Union(snapshot.Manifest.Operators.Select(op => op.Uid).Where(uid => JobOutput.IsUid(uid) && !uids.Contains(uid))).ToHashSet();
        _plan = RestorePlan.Make(snapshot.Manifest.Operators, [.. uids.Select(uid => new RestoreTarget(uid, IsStateful: true))], options.Renamed, dropped);
        if (_plan.Errors.Count > 0) throw new InvalidOperationException(string.Join(" ", _plan.Errors));
        Sources = StateOf(SourcesState.Uid, All) is { } sources ? SourcesState.From(sources) : new SourcesState();
        SinkHandles = uids.Where(uid => JobOutput.IsUid(uid) && _plan.OldUidOf(uid) is not null)
            .ToDictionary(uid => uid, uid => SinkCheckpoints.ReadHandle(StateOf(uid, All)!));
    }

    /// <summary>What the snapshot consists of.</summary>
    public Manifest Manifest => _snapshot.Manifest;

    /// <summary>Where the input stands.</summary>
    public SourcesState Sources { get; }

    /// <summary>The transaction of each output, by uid.</summary>
    public IReadOnlyDictionary<string, byte[]> SinkHandles { get; }

    private static KeyGroupRange All => new(0, KeyGroupAssignment.KeyGroups - 1);

    /// <summary>What an operator's subtask is restored from; null when there is nothing of that operator.</summary>
    public StateReader? StateOf(string uid, KeyGroupRange groups) => _plan.ReaderOf(_snapshot, uid, groups);
}
