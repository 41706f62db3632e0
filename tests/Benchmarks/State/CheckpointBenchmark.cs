using System.Globalization;
using System.Runtime.CompilerServices;
using Cep.Benchmarks.Report;
using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.State;
using Cep.Engine.Streams;

namespace Cep.Benchmarks.State;

/// <summary>What checkpoints of much state cost: the longest stop of the stream, the size of an incremental one, the speed of a restore.</summary>
/// <remarks>About 500 bytes a key. Between two slices of a snapshot a batch of records is processed that changes random keys. Times are of
/// the processor, the garbage collector's among them, so other work on the machine disturbs them little.</remarks>
internal sealed class CheckpointBenchmark(Options options) : Benchmark
{
    private const int BatchSize = 256;

    // As the runtime writes them.
    private const long SliceBytes = 256 << 10;

    private readonly Random _random = new(11);
    private readonly StreamRecord<long>[] _batch = new StreamRecord<long>[BatchSize];
    private readonly Table _table = new("Checkpoints of state in memory", "what", "entries", "MB", "of full", "longest slice ms", "longest batch ms", "MB/s");
    private long _sequence;

    public override Table Run()
    {
        var chain = TakeSnapshots();
        Restore(chain[0]);
        Restore(chain);
        RestoreOfTwo(TakeSnapshotsOfTwo());
        Expect("entries of the full checkpoint", options.Events + 1, chain[0].Entries);
        foreach (var segment in chain)
            segment.Dispose();
        return _table;
    }

    /// <summary>In a method of its own: what it works on is gone when its result is restored, as in a process that starts again.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Segment[] TakeSnapshots()
    {
        var keys = options.Events;
        var op = Create();
        for (var key = 0L; key < keys; key += BatchSize)
            Process(op, Math.Min(BatchSize, keys - key), i => key + i);
        var full = Snapshot(op, SnapshotKind.Full, "full", fullBytes: null, changes: true);
        // What was changed meanwhile is written, so that the next has what is changed now.
        var rest = Snapshot(op, SnapshotKind.Incremental, "what changed meanwhile", full.Bytes, changes: false);
        for (var i = 0; i < keys / 100; i += BatchSize)
            Process(op, Math.Min(BatchSize, keys / 100 - i), _ => _random.NextInt64(keys));
        return [full, rest, Snapshot(op, SnapshotKind.Incremental, "1 % of the keys", full.Bytes, changes: false)];
    }

    private static OperatorSubtask<long, long> Create(int subtask = 0, int parallelism = 1) =>
        new(new KeyedProcessOperator<long, long, long>(key => key, new Updating()), subtask, parallelism);

    private Segment Snapshot(OperatorSubtask<long, long> op, SnapshotKind kind, string what, long? fullBytes, bool changes)
    {
        GC.Collect();
        var writer = new SegmentWriter("benchmark", 0, kind);
        var (longestSlice, longestBatch, total) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        OperatorSnapshot? snapshot = null;
        for (var isDone = false; !isDone;)
        {
            var from = Environment.CpuUsage.TotalTime;
            snapshot ??= op.Operator.BeginSnapshot(kind)!;
            isDone = snapshot.Write(writer, SliceBytes);
            var slice = Environment.CpuUsage.TotalTime - from;
            (longestSlice, total) = (slice > longestSlice ? slice : longestSlice, total + slice);
            if (!changes)
                continue;
            from = Environment.CpuUsage.TotalTime;
            Process(op, BatchSize, _ => _random.NextInt64(options.Events));
            var batch = Environment.CpuUsage.TotalTime - from;
            longestBatch = batch > longestBatch ? batch : longestBatch;
        }
        var segment = writer.Complete();
        _table.Add(
            what, Format.Count(segment.Entries), Megabytes(segment.Bytes), Format.Percent(segment.Bytes / (double)(fullBytes ?? segment.Bytes)),
            Milliseconds(longestSlice), Milliseconds(longestBatch), Number(segment.Bytes / 1e6 / total.TotalSeconds));
        return segment;
    }

    private void Restore(params Segment[] chain)
    {
        var sources = Array.ConvertAll(chain, SegmentSource.Of);
        var op = Create();
        GC.Collect();
        var (from, begun) = (Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
        op.Operator.Restore(new StateReader(KeyGroupAssignment.RangeOf(0, 1), [sources]));
        var (took, elapsed) = (Environment.CpuUsage.TotalTime - from, TimeProvider.System.GetElapsedTime(begun));
        var (bytes, entries) = (chain.Sum(s => s.Bytes), Format.Count(chain.Sum(s => s.Entries)));
        var what = chain.Length == 1 ? "restore of the full one" : "restore of all three";
        _table.Add(what, entries, Megabytes(bytes), "", "", "", Number(bytes / 1e6 / took.TotalSeconds));
        _table.Add($"{what}, by the clock", entries, Megabytes(bytes), "", "", "", Number(bytes / 1e6 / elapsed.TotalSeconds));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Segment[] TakeSnapshotsOfTwo() => Array.ConvertAll<int, Segment>([0, 1], subtask =>
    {
        var op = Create(subtask, parallelism: 2);
        var (range, next) = (KeyGroupAssignment.RangeOf(subtask, 2), 0L);
        long NextOfRange(int _)
        {
            while (!range.Contains(KeyGroupAssignment.KeyGroupOf(StableHash.Of(next))))
                next++;
            return next++;
        }

        for (var left = options.Events / 2; left > 0; left -= BatchSize)
            Process(op, Math.Min(BatchSize, left), NextOfRange);
        var writer = new SegmentWriter("benchmark", subtask, SnapshotKind.Full);
        op.Operator.BeginSnapshot(SnapshotKind.Full)!.Write(writer, long.MaxValue);
        return writer.Complete();
    });

    /// <summary>Each subtask on a thread of its own, as a job restores them.</summary>
    private void RestoreOfTwo(Segment[] segments)
    {
        var operators = Array.ConvertAll<int, OperatorSubtask<long, long>>([0, 1], subtask => Create(subtask, parallelism: 2));
        GC.Collect();
        var begun = TimeProvider.System.GetTimestamp();
        Parallel.For(0, 2, subtask =>
            operators[subtask].Operator.Restore(new StateReader(KeyGroupAssignment.RangeOf(subtask, 2), [[SegmentSource.Of(segments[subtask])]])));
        var elapsed = TimeProvider.System.GetElapsedTime(begun);
        var bytes = segments.Sum(s => s.Bytes);
        _table.Add(
            "restore of two subtasks, by the clock", Format.Count(segments.Sum(s => s.Entries)), Megabytes(bytes), "", "", "", Number(bytes / 1e6 / elapsed.TotalSeconds));
        foreach (var segment in segments)
            segment.Dispose();
    }

    private void Process(OperatorSubtask<long, long> op, long count, Func<int, long> keyOf)
    {
        for (var i = 0; i < count; i++)
        {
            var key = keyOf(i);
            _batch[i] = new StreamRecord<long>(key, _sequence, _sequence++, KeyGroupAssignment.KeyGroupOf(StableHash.Of(key)));
        }
        op.Process(_batch.AsSpan(0, (int)count));
    }

    private static string Megabytes(long bytes) => Number(bytes / 1e6);

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("N1", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("N1", CultureInfo.InvariantCulture);

    /// <summary>What is remembered of an account.</summary>
    private sealed record Profile(long Id, long Count, double Total, string Name, string Country, string LastMerchant, long LastMs, double[] Recent, string Note);

    private sealed class Updating : KeyedProcessFunction<long, long, long>
    {
        private static readonly string Note = new('n', 160);

        private ValueState<Profile> _profile = null!;

        public override void Open(StateContext context) => _profile = context.State(new ValueStateDescriptor<Profile>("profile"));

        public override void ProcessElement(long value, KeyedContext<long> context, Collector<long> output) =>
            _profile.Value = _profile.TryGet(out var profile)
                ? profile with { Count = profile.Count + 1, Total = profile.Total + value, LastMs = context.TimestampMs }
                : new Profile(value, 1, value, $"account holder number {value}", "DE", $"merchant {value % 1000} in a town", context.TimestampMs, new double[30], Note);
    }
}
