using Cep.Engine.Checkpoints;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

/// <summary>Everything around a <see cref="CheckpointProtocol"/>, from a seed: writers that are slow, a store that fails or answers late, deletions that stop midway.</summary>
/// <remarks>Checks after every step what the protocol promises.</remarks>
internal sealed class ProtocolWorld
{
    private readonly record struct Written(SnapshotWriter Writer, bool IsWhole, int After, int UpTo);

    private static readonly SnapshotWriter[] Writers = [new("a", 0), new("a", 1), new("b", 0)];

    private readonly Random _random;
    private readonly CheckpointSettings _settings;
    private readonly CheckpointProtocol _protocol;
    private long _nowMs;

    // Barriers on their way to each writer, what each has of its state in segments, and what is under way to the store.
    private readonly Dictionary<SnapshotWriter, Queue<CheckpointDecision.SendBarrier>> _barriers = Writers.ToDictionary(w => w, _ => new Queue<CheckpointDecision.SendBarrier>());
    private readonly Dictionary<SnapshotWriter, int> _version = Writers.ToDictionary(w => w, _ => 0);
    private readonly Dictionary<SnapshotWriter, int> _snapshotVersion = Writers.ToDictionary(w => w, _ => 0);
    private readonly Dictionary<(long Id, SnapshotWriter Writer), int> _versionAtBarrier = [];
    private readonly List<Action> _underWay = [];

    // The store.
    private readonly Dictionary<string, Written> _content = [];
    private readonly HashSet<string> _segments = [];
    private readonly Dictionary<long, Manifest> _manifests = [];

    private readonly HashSet<(long Id, SnapshotWriter Writer)> _told = [];
    private readonly HashSet<long> _manifestsTold = [];
    private readonly List<long> _complete = [];
    private readonly HashSet<long> _answered = [];
    private long _requests;
    private long _begun;
    private long _open;
    private long _openSinceMs;
    private long _endedMs = long.MinValue / 2;

    public ProtocolWorld(int seed)
    {
        _random = new Random(seed);
        _settings = new CheckpointSettings
        {
            IntervalMs = _random.Next(1, 200),
            MinimumPauseMs = _random.Next(0, 50),
            TimeoutMs = _random.Next(20, 300),
            TolerableFailures = int.MaxValue,
            Retained = _random.Next(1, 4),
            MaxChainSegments = _random.Next(2, 6),
        };
        _protocol = new CheckpointProtocol(_settings, Writers, null, 0);
    }

    public int Completed => _complete.Count;

    public int Aborted { get; private set; }

    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++) Step();
        Settle();
        Assert.True(_segments.SetEquals(_manifests.Values.SelectMany(m => m.Files).Select(f => f.Name)), "Nothing lies about that no checkpoint names.");
        Assert.Equal(_complete.TakeLast(_settings.Retained), _manifests.Keys.Order());
        Assert.Equal(_requests, _answered.Count);
    }

    private void Step()
    {
        _nowMs += _random.Next(0, 10);
        switch (_random.Next(20))
        {
            case 0 when _random.Next(5) == 0: Tell(new CheckpointFact.Requested(++_requests, _random.Next(2) == 0)); break;
            case < 4: Tell(new CheckpointFact.Tick()); break;
            case < 10: Snapshot(Writers[_random.Next(Writers.Length)]); break;
            case < 13: _version[Writers[_random.Next(Writers.Length)]]++; break;
            default: Arrive(fails: _random.Next(12) == 0); break;
        }
    }

    /// <summary>Lets everything arrive, and one more checkpoint be taken without trouble.</summary>
    private void Settle()
    {
        Tell(new CheckpointFact.InputEnded());
        Tell(new CheckpointFact.Requested(++_requests, false));
        Tell(new CheckpointFact.Requested(++_requests, false));
        while (_underWay.Count > 0 || _barriers.Values.Any(b => b.Count > 0))
        {
            foreach (SnapshotWriter writer in Writers) Snapshot(writer);
            if (_underWay.Count > 0) Arrive(fails: false);
        }
    }

    private void Snapshot(SnapshotWriter writer)
    {
        if (!_barriers[writer].TryDequeue(out CheckpointDecision.SendBarrier? barrier)) return;
        long id = barrier.CheckpointId;
        SnapshotKind kind = barrier.KindOf(writer);
        bool isWhole = kind != SnapshotKind.Incremental || _random.Next(10) == 0;
        var written = new Written(writer, isWhole, isWhole ? 0 : _snapshotVersion[writer], _version[writer]);
        _versionAtBarrier[(id, writer)] = _version[writer];
        if (kind != SnapshotKind.Savepoint) _snapshotVersion[writer] = _version[writer];
        bool isEmpty = written.After == written.UpTo;
        string name = kind == SnapshotKind.Savepoint ? $"segments/{id}-{writer.Uid}.{writer.Subtask}" : CheckpointNames.SegmentOf(id, writer.Uid, writer.Subtask);
        _underWay.Add(() => Store(id, writer, isEmpty ? null : new SegmentFile(name, isWhole ? 100 : _random.Next(1, 60), 0), written));
    }

    private bool _fails;

    private void Arrive(bool fails)
    {
        if (_underWay.Count == 0) return;
        int which = _random.Next(_underWay.Count);
        Action arrives = _underWay[which];
        _underWay.RemoveAt(which);
        _fails = fails;
        arrives();
    }

    private void Store(long id, SnapshotWriter writer, SegmentFile? file, Written written)
    {
        if (_fails)
        {
            Tell(new CheckpointFact.NotStored(id, writer, "The disk is full."));
            return;
        }

        if (file is not null)
        {
            Assert.True(_content.TryAdd(file.Name, written), $"{file.Name} is written twice.");
            if (CheckpointNames.IdOf(file.Name) > 0) _segments.Add(file.Name);
        }

        _told.Add((id, writer));
        Tell(new CheckpointFact.Stored(id, writer, file, IsFull: written.IsWhole));
    }

    private void StoreManifest(Manifest manifest)
    {
        // A write that fails may have taken place all the same.
        if (!manifest.IsSavepoint && (!_fails || _random.Next(2) == 0)) _manifests[manifest.CheckpointId] = manifest;
        if (!_fails) _manifestsTold.Add(manifest.CheckpointId);
        Tell(_fails ? new CheckpointFact.ManifestNotWritten(manifest.CheckpointId, "The disk is full.") : new CheckpointFact.ManifestWritten(manifest));
    }

    private void Tell(CheckpointFact fact)
    {
        foreach (CheckpointDecision decision in _protocol.Handle(fact, _nowMs)) CarryOut(decision);
        Assert.True(_open == 0 || _nowMs < _openSinceMs + _settings.TimeoutMs, "A checkpoint takes longer than it may.");
        CheckNewest();
    }

    private void CarryOut(CheckpointDecision decision)
    {
        switch (decision)
        {
            case CheckpointDecision.SendBarrier barrier: Begin(barrier); break;
            case CheckpointDecision.WriteManifest write: Write(write); break;
            case CheckpointDecision.NotifyComplete complete: Complete(complete); break;
            case CheckpointDecision.Abort abort: Abort(abort); break;
            case CheckpointDecision.Delete delete: Delete(delete.Names); break;
            default: Assert.Fail($"The job is not to fail: {decision}"); break;
        }
    }

    private void Begin(CheckpointDecision.SendBarrier barrier)
    {
        Assert.True(_open == 0, "Two checkpoints are under way.");
        Assert.True(barrier.CheckpointId > _begun, "Numbers grow.");
        Assert.True(barrier.RequestId is not null || _nowMs >= _endedMs + _settings.MinimumPauseMs, "The pause is kept.");
        _open = _begun = barrier.CheckpointId;
        _openSinceMs = _nowMs;
        foreach (SnapshotWriter writer in Writers) _barriers[writer].Enqueue(barrier);
    }

    private void Write(CheckpointDecision.WriteManifest write)
    {
        Assert.Equal(_open, write.CheckpointId);
        Assert.All(Writers, w => Assert.Contains((write.CheckpointId, w), _told));
        foreach (SnapshotWriter writer in Writers)
        {
            SegmentFile[] chain = write.Chains.Where(c => c.Uid == writer.Uid && c.Chain.Subtask == writer.Subtask).SelectMany(c => c.Chain.Segments).ToArray();
            CheckChain(writer, chain, _versionAtBarrier[(write.CheckpointId, writer)]);
            Assert.True(chain.Length <= _settings.MaxChainSegments, "Chains are bounded.");
        }

        var manifest = new Manifest(write.CheckpointId, write.IsSavepoint, 0, 1, 128, write.Operators(uid => uid), new Dictionary<string, string>());
        _underWay.Add(() => StoreManifest(manifest));
    }

    /// <summary>The segments together are what the writer had at the barrier: each begins where the one before ended.</summary>
    private void CheckChain(SnapshotWriter writer, SegmentFile[] chain, int version)
    {
        int upTo = 0;
        foreach (SegmentFile file in chain)
        {
            Written written = _content[file.Name];
            Assert.Equal(writer, written.Writer);
            Assert.Equal(upTo, written.After);
            upTo = written.UpTo;
            if (CheckpointNames.IdOf(file.Name) > 0) Assert.Contains(file.Name, _segments);
        }

        Assert.Equal(version, upTo);
    }

    private void Complete(CheckpointDecision.NotifyComplete complete)
    {
        Assert.Contains(complete.Manifest.CheckpointId, _manifestsTold);
        Close(complete.Manifest.CheckpointId, complete.RequestId);
        if (!complete.Manifest.IsSavepoint) _complete.Add(complete.Manifest.CheckpointId);
    }

    private void Abort(CheckpointDecision.Abort abort)
    {
        Assert.DoesNotContain(abort.CheckpointId, _complete);
        Close(abort.CheckpointId, abort.RequestId);
        Aborted++;
    }

    private void Close(long id, long? request)
    {
        Assert.Equal(_open, id);
        (_open, _endedMs) = (0, _nowMs);
        if (request is { } answered) Assert.True(_answered.Add(answered), "A request is answered once.");
    }

    private void Delete(IReadOnlyList<string> names)
    {
        var done = new List<string>();
        foreach (string name in names)
        {
            if (_random.Next(15) == 0 && !IsSettling) break;
            if (CheckpointNames.IsManifest(name)) _manifests.Remove(CheckpointNames.IdOf(name));
            Assert.True(_manifests.Values.SelectMany(m => m.Files).All(f => f.Name != name), $"{name} is deleted, and a manifest names it.");
            _segments.Remove(name);
            done.Add(name);
        }

        if (done.Count > 0) _underWay.Add(() => Tell(new CheckpointFact.Deleted(done)));
    }

    private bool IsSettling => _protocol.NextTickMs is null || _protocol.PendingId is null && _requests == _answered.Count;

    private void CheckNewest()
    {
        foreach (long id in _complete.TakeLast(_settings.Retained))
        {
            Assert.True(_manifests.ContainsKey(id), $"Checkpoint {id} is kept.");
            Assert.All(_manifests[id].Files, f => Assert.Contains(f.Name, _segments));
        }
    }
}
