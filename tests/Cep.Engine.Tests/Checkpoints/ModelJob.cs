using System.Globalization;
using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

/// <summary>A job of two operators that count by key, as far as checkpoints see it, with what every checkpoint must bring back.</summary>
internal sealed class ModelJob
{
    public const int Parallelism = 2;

    private static readonly string[] Uids = ["counter", "zähler / 2"];
    private static readonly SnapshotWriter[] Writers = [.. Uids.SelectMany(u => Enumerable.Range(0, Parallelism).Select(s => new SnapshotWriter(u, s)))];

    private readonly Random _random;
    private readonly CheckpointStore _store;
    private readonly CheckpointProtocol _protocol;
    private readonly Dictionary<string, SortedDictionary<string, long>> _counts = Uids.ToDictionary(u => u, _ => new SortedDictionary<string, long>(StringComparer.Ordinal));
    private readonly HashSet<(string Uid, string Key)> _dirty = [];
    private readonly List<(SnapshotWriter Writer, SegmentFile File)> _stored = [];
    private long _nowMs;

    public ModelJob(CheckpointStore store, int seed, int retained = 2)
    {
        (_store, _random) = (store, new Random(seed));
        _protocol = new CheckpointProtocol(new CheckpointSettings { IntervalMs = 1, Retained = retained, MaxChainSegments = 4 }, Writers, null, 0);
    }

    /// <summary>What was counted at each checkpoint, by its number.</summary>
    public Dictionary<long, string> AtCheckpoint { get; } = [];

    public string Counts => Text(_counts.SelectMany(o => o.Value.Select(c => (o.Key, c.Key, c.Value))));

    /// <summary>Counts, forgets keys.</summary>
    public void Work(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            string uid = Uids[_random.Next(Uids.Length)];
            string key = $"key {_random.Next(60)}";
            SortedDictionary<string, long> counts = _counts[uid];
            _dirty.Add((uid, key));
            if (_random.Next(6) == 0) counts.Remove(key);
            else counts[key] = counts.GetValueOrDefault(key) + 1;
        }
    }

    public async Task CheckpointAsync() => await CarryOut(_protocol.Handle(new CheckpointFact.Tick(), _nowMs += 2));

    /// <summary>Writes a savepoint of what there is now.</summary>
    public async Task SavepointAsync(string folder)
    {
        using CheckpointStore store = Savepoint.Create(folder);
        var operators = new List<OperatorState>();
        foreach (string uid in Uids)
        {
            var chains = new List<SegmentChain>();
            for (int s = 0; s < Parallelism; s++) chains.Add(new SegmentChain(s, [await StoreAsync(store, Savepoint.SegmentName(uid, s), Write(new(uid, s), SnapshotKind.Savepoint))]));
            operators.Add(new OperatorState(uid, uid, chains));
        }

        await Savepoint.CompleteAsync(store, ManifestOf(1, operators));
    }

    /// <summary>What is restored, whatever the parallelism is.</summary>
    public static string Restored(Snapshot snapshot, int parallelism)
    {
        RestorePlan plan = RestorePlan.Make(snapshot.Manifest.Operators, [.. Uids.Select(u => new RestoreTarget(u, true))]);
        var counts = new List<(string, string, long)>();
        foreach (string uid in Uids)
        {
            for (int s = 0; s < parallelism; s++)
            {
                using StateReader? reader = plan.ReaderOf(snapshot, uid, KeyGroupAssignment.RangeOf(s, parallelism));
                if (reader is not null) counts.AddRange(Apply(reader).Select(c => (uid, c.Key, c.Value)));
            }
        }

        return Text(counts);
    }

    private static Dictionary<string, long> Apply(StateReader reader)
    {
        var counts = new Dictionary<string, long>();
        while (reader.Next(out SegmentEntry entry))
        {
            string key = Segments.Text(entry.Key);
            Assert.Equal(GroupOf(key), entry.KeyGroup);
            if (entry.IsDelete) counts.Remove(key);
            else counts[key] = long.Parse(Segments.Text(entry.Value), CultureInfo.InvariantCulture);
        }

        return counts;
    }

    private async Task CarryOut(IReadOnlyList<CheckpointDecision> decisions)
    {
        foreach (CheckpointDecision decision in decisions)
        {
            switch (decision)
            {
                case CheckpointDecision.SendBarrier barrier:
                    AtCheckpoint[barrier.CheckpointId] = Counts;
                    foreach (SnapshotWriter writer in Writers)
                    {
                        string name = CheckpointNames.SegmentOf(barrier.CheckpointId, writer.Uid, writer.Subtask);
                        _stored.Add((writer, await StoreAsync(_store, name, Write(writer, barrier.KindOf(writer)))));
                    }

                    _dirty.Clear();
                    foreach ((SnapshotWriter writer, SegmentFile file) in _stored.ToArray()) await CarryOut(Tell(new CheckpointFact.Stored(barrier.CheckpointId, writer, file)));
                    break;
                case CheckpointDecision.WriteManifest write:
                    _stored.Clear();
                    Manifest manifest = ManifestOf(write.CheckpointId, write.Operators(uid => uid));
                    await CheckpointHistory.CompleteAsync(_store, manifest);
                    await CarryOut(Tell(new CheckpointFact.ManifestWritten(manifest)));
                    break;
                case CheckpointDecision.Delete delete:
                    foreach (string name in delete.Names) await _store.DeleteAsync(name);
                    Tell(new CheckpointFact.Deleted(delete.Names));
                    break;
            }
        }
    }

    private IReadOnlyList<CheckpointDecision> Tell(CheckpointFact fact) => _protocol.Handle(fact, _nowMs);

    private Segment Write(SnapshotWriter by, SnapshotKind kind)
    {
        var writer = new SegmentWriter(by.Uid, by.Subtask, kind);
        int state = writer.Declare(Segments.Counts);
        SortedDictionary<string, long> counts = _counts[by.Uid];
        IEnumerable<string> keys = kind == SnapshotKind.Incremental ? _dirty.Where(d => d.Uid == by.Uid).Select(d => d.Key).Order(StringComparer.Ordinal) : counts.Keys;
        foreach (string key in keys.Where(k => KeyGroupAssignment.SubtaskOf(GroupOf(k), Parallelism) == by.Subtask))
        {
            if (counts.TryGetValue(key, out long count)) writer.Put(state, GroupOf(key), Segments.Utf8(key), Segments.Utf8(count.ToString(CultureInfo.InvariantCulture)));
            else writer.Delete(state, GroupOf(key), Segments.Utf8(key));
        }

        return writer.Complete();
    }

    private static async Task<SegmentFile> StoreAsync(CheckpointStore store, string name, Segment segment)
    {
        var file = new SegmentFile(name, segment.Bytes, segment.Checksum);
        await store.WriteAsync(name, segment);
        return file;
    }

    private static Manifest ManifestOf(long id, IReadOnlyList<OperatorState> operators) =>
        new(id, false, 0, Parallelism, KeyGroupAssignment.KeyGroups, operators, new Dictionary<string, string>());

    private static int GroupOf(string key) => KeyGroupAssignment.KeyGroupOf(StableHash.Of(key));

    private static string Text(IEnumerable<(string Uid, string Key, long Count)> counts) =>
        string.Join('\n', counts.Select(c => $"{c.Uid} {c.Key} {c.Count}").Order(StringComparer.Ordinal));
}
