using Cep.Cli.State;
using Cep.Engine.Checkpoints;
using Cep.Engine.Runtime;

namespace Cep.Cli.Run;

/// <summary>The checkpoints of a run: opens their folder, judges whether the run can go on from what lies there, and says what happens to them.</summary>
internal sealed class RunCheckpoints : CheckpointListener, IDisposable
{
    private readonly CheckpointArguments _arguments;
    private readonly IReadOnlyDictionary<string, string> _properties;
    private readonly RunMessages _messages;
    private readonly FolderCheckpointStore _store;
    private readonly Savepoint? _from;
    private readonly int _inputs;
    private volatile Manifest? _last;
    private long _eventsBefore;

    private RunCheckpoints(
        CheckpointArguments arguments, IReadOnlyDictionary<string, string> properties, IReadOnlyList<ResolvedInput> inputs, RunMessages messages, FolderCheckpointStore store, Savepoint? from) =>
        (_arguments, _properties, _inputs, _messages, _store, _from) = (arguments, properties, inputs.Count, messages, store, from);

    /// <summary>The folder, for messages.</summary>
    public string Folder => _arguments.Folder;

    /// <summary>The last complete checkpoint; null while there is none.</summary>
    public Manifest? Last => _last;

    /// <summary>Events that were read before this run, or before its last restart.</summary>
    public long EventsBefore => Volatile.Read(ref _eventsBefore);

    /// <summary>What the job is to do.</summary>
    public CheckpointOptions Options => new()
    {
        Store = _store,
        Settings = new CheckpointSettings { IntervalMs = _arguments.IntervalMs },
        Restart = _arguments.Restart,
        Listener = this,
        From = _from,
        Properties = _properties,
    };

    /// <summary>Opens the folder, and reads what the run would go on from.</summary>
    /// <param name="arguments">What the user asked for.</param>
    /// <param name="properties">What is kept with each checkpoint.</param>
    /// <param name="inputs">The inputs of the run.</param>
    /// <param name="messages">Takes what happens.</param>
    /// <exception cref="UsageException">The inputs cannot be read again, or are not those of the checkpoint; the folder is in use; the savepoint is none.</exception>
    /// <exception cref="CorruptSnapshotException">Nothing that lies there is whole.</exception>
    /// <exception cref="SnapshotVersionException">It was written by a newer version of the tool.</exception>
    public static RunCheckpoints Open(
        CheckpointArguments arguments, IReadOnlyDictionary<string, string> properties, IReadOnlyList<ResolvedInput> inputs, RunMessages messages)
    {
        if (InputCheck.NotRepeatable(inputs).ToList() is { Count: > 0 } problems)
            throw new UsageException(problems);
        FolderCheckpointStore? store = null;
        try
        {
            var from = arguments.From is null ? null : OpenSavepoint(arguments.From);
            store = FolderCheckpointStore.Open(arguments.Folder);
            var checkpoints = new RunCheckpoints(arguments, properties, inputs, messages, store, from);
            checkpoints.Check(inputs);
            return checkpoints;
        }
        catch (Exception e)
        {
            store?.Dispose();
            if (e is CheckpointStoreException)
                throw new UsageException(e.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    /// <summary>How a run goes on that did not come to the end of its input; null when there is nothing to go on from.</summary>
    public string? HowToGoOn => _last is { } last ? $"The same command goes on from {CheckpointWords.Name(last)}." : null;

    /// <inheritdoc/>
    public override void Completed(Manifest manifest)
    {
        if (!manifest.IsSavepoint)
            _last = manifest;
    }

    /// <inheritdoc/>
    public override void Failed(long checkpointId, string reason) =>
        _messages.Warning($"{(checkpointId == 0 ? "a checkpoint" : $"checkpoint {checkpointId}")} was given up, and the run goes on: {reason}");

    /// <inheritdoc/>
    public override void Refused(RefusedCheckpoint checkpoint) => _messages.Warning($"a checkpoint cannot be used, the one before it is tried: {checkpoint.Reason}");

    /// <inheritdoc/>
    public override void Restarting(JobException failure, TimeSpan pause) =>
        _messages.Warning($"the run failed, and goes on from its last checkpoint in {pause.TotalSeconds:0.###} s: {failure.Message}");

    /// <inheritdoc/>
    public override void Restored(Manifest manifest)
    {
        var inputs = StoredInputs.Read(manifest.IsSavepoint ? _from!.Store : _store, manifest);
        Volatile.Write(ref _eventsBefore, inputs.Events);
        if (!manifest.IsSavepoint)
            _last = manifest;
        var read = $"{CheckpointWords.Count(inputs.Events, "event")} read";
        _messages.Note(manifest.IsSavepoint ? $"beginning from {CheckpointWords.Name(manifest)} in {_from!.Place}: {read}"
            : inputs.HaveEnded && inputs.Inputs.Count == _inputs ? $"nothing is left to do: {CheckpointWords.Name(manifest)} holds all of the input, {read}"
            : $"going on from {CheckpointWords.Name(manifest)}: {read}");
    }

    private static Savepoint OpenSavepoint(string folder)
    {
        try
        {
            return Savepoint.Open(folder);
        }
        catch (CheckpointStoreException) when (File.Exists(Path.Combine(folder, "latest")))
        {
            throw new UsageException($"`{folder}` is a checkpoint folder, and --from takes a savepoint: give it to --checkpoint to go on from it, or make a savepoint of the run with `cep savepoint`.");
        }
    }

    private void Check(IReadOnlyList<ResolvedInput> inputs)
    {
        var history = CheckpointHistory.Load(_store);
        if (history.Latest is { } latest && _from is not null)
            _messages.Note($"--from is not used: the folder `{Folder}` has {CheckpointWords.Name(latest.Manifest)} already");
        var (store, manifest) = history.Latest is { } own ? ((CheckpointStore)_store, own.Manifest) : (_from?.Store, _from?.Manifest);
        if (store is null || manifest is null)
            return;
        var check = new InputCheck(CheckpointWords.Name(manifest), StoredInputs.Read(store, manifest));
        if (check.Problems(inputs).ToList() is { Count: > 0 } problems)
            throw new UsageException(problems);
        foreach (var warning in check.Warnings(inputs))
            _messages.Warning(warning);
    }
}
