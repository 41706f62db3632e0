using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Graph;
using Cep.Engine.Keys;

namespace Cep.Engine.Runtime;

/// <summary>Has the sources of a job keep what its kept checkpoints would read again, and passes on what it is told to the next listener.</summary>
/// <remarks>A pin is where the oldest of them stands. It outlives the process, so nothing goes while the job does not run.</remarks>
internal sealed class SourcePins : CheckpointListener
{
    private readonly string _job;
    private readonly CheckpointOptions _options;
    private readonly IReadOnlyList<(string Name, IPinnedSource Source)> _sources;
    private Queue<SourcesState> _kept = [];

    private SourcePins(string job, CheckpointOptions options, IReadOnlyList<(string Name, IPinnedSource Source)> sources) => (_job, _options, _sources) = (job, options, sources);

    /// <summary>The options of a job, with its pins where a source takes any.</summary>
    public static CheckpointOptions AddTo(CheckpointOptions options, string job, JobGraph graph, out SourcePins? pins)
    {
        (string, IPinnedSource)[] sources = [.. graph.Sources.Where(source => source.Pinned is not null).Select(source => (source.Name, source.Pinned!))];
        pins = sources.Length == 0 ? null : new SourcePins(job, options, sources);
        return pins is null ? options : options with { Listener = pins };
    }

    /// <summary>An attempt begins.</summary>
    /// <param name="restored">What it goes on from; null for nothing.</param>
    /// <param name="history">The checkpoints that are kept.</param>
    public void Begin(RestoredJob? restored, CheckpointHistory history)
    {
        _kept = new Queue<SourcesState>(history.Kept.Select(TryRead).OfType<SourcesState>());
        Pin(_kept.TryPeek(out SourcesState? oldest) ? oldest : restored?.Sources);
    }

    /// <inheritdoc/>
    public override void Completed(Manifest manifest)
    {
        if (!manifest.IsSavepoint && TryRead(manifest) is { } sources)
        {
            _kept.Enqueue(sources);
            while (_kept.Count > _options.Settings.Retained) _kept.Dequeue();
            Pin(_kept.Peek());
        }

        _options.Listener?.Completed(manifest);
    }

    /// <inheritdoc/>
    public override void Failed(long checkpointId, string reason) => _options.Listener?.Failed(checkpointId, reason);

    /// <inheritdoc/>
    public override void Refused(RefusedCheckpoint checkpoint) => _options.Listener?.Refused(checkpoint);

    /// <inheritdoc/>
    public override void Restored(Manifest manifest) => _options.Listener?.Restored(manifest);

    /// <inheritdoc/>
    public override void Restarting(JobException failure, TimeSpan pause) => _options.Listener?.Restarting(failure, pause);

    private void Pin(SourcesState? oldest)
    {
        foreach ((string name, IPinnedSource source) in _sources) source.Pin(_job, oldest?.ByName.GetValueOrDefault(name)?.Position.Offset);
    }

    private SourcesState? TryRead(Manifest manifest)
    {
        try
        {
            Manifest sources = manifest with { Operators = [.. manifest.Operators.Where(op => op.Uid == SourcesState.Uid)] };
            using StateReader reader = Snapshot.Verify(_options.Store, sources).ReaderOf(SourcesState.Uid, new KeyGroupRange(0, KeyGroupAssignment.KeyGroups - 1));
            return SourcesState.From(reader);
        }
        catch (Exception e) when (e is CheckpointStoreException or CorruptSnapshotException)
        {
            // The pins stay where they are, which keeps more than is needed.
            return null;
        }
    }
}
