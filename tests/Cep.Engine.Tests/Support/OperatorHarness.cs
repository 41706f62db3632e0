using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Xunit;

namespace Cep.Engine.Tests.Support;

/// <summary>The records between two watermarks, and what ends them.</summary>
internal sealed record Epoch<T>(IReadOnlyList<(T Value, long TimestampMs)> Records, long ProcessingTimeMs, long WatermarkMs);

/// <summary>Runs an operator over epochs on one thread, as the runtime would: at any parallelism, with checkpoints, and restored from them.</summary>
internal sealed class OperatorHarness<TIn, TOut>(Func<TIn, ulong> hashOf, Func<Operator<TIn, TOut>> create, OutputTag<TOut> side, IReadOnlyList<Epoch<TIn>> epochs)
{
    private readonly List<Subtask> _subtasks = [];
    private readonly List<string> _written = [];

    /// <summary>The output is the same straight, with checkpoints at every k-th epoch, and restored at other parallelisms.</summary>
    public List<string> CheckAllWays(int seed)
    {
        List<string> straight = Run(1, _ => null);
        Same("parallelism 3", Run(3, _ => null));
        foreach (int every in new[] { 1, 3, 7 })
        {
            var random = new Random(seed + every);
            Same($"checkpoints at every {every}.", Run(2, i => i % every == 0 ? new Plan(RandomKind(), Restore: 0, Slice: random.Next(1, 400)) : null));
            Same($"restored at every {every}.", Run(1, i => i % every == 0 ? new Plan(RandomKind(), Restore: 1, Slice: random.Next(1, 400)) : null));
            int[] parallelism = [1, 3, 2];
            int at = 0;
            Same($"restored at every {every}. at parallelism 1, 3, 2", Run(1, i => i % every == 0 ? new Plan(RandomKind(), parallelism[++at % 3], random.Next(1, 400)) : null));
            SnapshotKind RandomKind() => (SnapshotKind)random.Next(3);
        }

        return straight;

        void Same(string how, List<string> output) => Assert.True(straight.SequenceEqual(output), $"Seed {seed}, {how}: {Difference(straight, output)}");
    }

    private sealed record Plan(SnapshotKind Kind, int Restore, int Slice);

    private List<string> Run(int parallelism, Func<int, Plan?> planOf)
    {
        _written.Clear();
        Open(parallelism, null);
        long sequence = 0;
        for (int i = 0; i < epochs.Count; i++)
        {
            sequence = Process(epochs[i], sequence);
            if (planOf(i) is not { } plan) continue;
            foreach (Subtask subtask in _subtasks) subtask.Begin(plan.Kind);
            long crashed = sequence;
            int written = _written.Count;
            // The walk goes on between the next batches; what these change comes again after a restore.
            for (int ahead = i + 1; ahead < epochs.Count && ahead < i + 4; ahead++)
            {
                foreach (Subtask subtask in _subtasks) subtask.WriteSlice(plan.Slice);
                if (plan.Restore == 0) break;
                crashed = Process(epochs[ahead], crashed);
            }

            foreach (Subtask subtask in _subtasks) subtask.Complete();
            if (plan.Restore == 0) continue;
            _written.RemoveRange(written, _written.Count - written);
            Open(plan.Restore, plan.Kind);
        }

        foreach (Subtask subtask in _subtasks) subtask.Operator.Close();
        return [.. _written];
    }

    private void Open(int parallelism, SnapshotKind? restored)
    {
        List<List<Segment>> chains = [.. _subtasks.Select(s => restored == SnapshotKind.Savepoint ? [s.Last!] : s.Chain)];
        _subtasks.Clear();
        for (int i = 0; i < parallelism; i++)
        {
            var subtask = new Subtask(create(), i, parallelism, side, _written);
            _subtasks.Add(subtask);
            if (restored is null) continue;
            subtask.Operator.Restore(new StateReader(KeyGroupAssignment.RangeOf(i, parallelism), chains.Select(c => c.Select(SegmentSource.Of).ToArray())));
            // At the parallelism at which it was written a chain goes on; otherwise it begins anew.
            if (chains.Count == parallelism && restored != SnapshotKind.Savepoint) subtask.Chain.AddRange(chains[i]);
        }
    }

    private long Process(Epoch<TIn> epoch, long sequence)
    {
        foreach (Subtask subtask in _subtasks) subtask.Batch.Clear();
        foreach ((TIn value, long timestampMs) in epoch.Records)
        {
            int keyGroup = KeyGroupAssignment.KeyGroupOf(hashOf(value));
            _subtasks[KeyGroupAssignment.SubtaskOf(keyGroup, _subtasks.Count)].Batch.Add(new StreamRecord<TIn>(value, timestampMs, sequence++, keyGroup));
        }

        foreach (Subtask subtask in _subtasks) subtask.Process(epoch);
        EpochOutputs?[] outputs = [.. _subtasks.Select(s => s.TakeOutputs())];
        for (int output = 0; output < 2; output++) _subtasks[0].Outputs[output].WriteEpoch(outputs, output);
        return sequence;
    }

    private static string Difference(List<string> expected, List<string> found)
    {
        int at = expected.Zip(found).TakeWhile(p => p.First == p.Second).Count();
        return $"line {at} of {expected.Count} is '{expected.ElementAtOrDefault(at)}', and '{found.ElementAtOrDefault(at)}' of {found.Count}";
    }

    private sealed class ListSink(List<string> values, string prefix) : Sink<TOut>("list")
    {
        public override void Write(in TOut value) => values.Add(prefix + value);
    }

    /// <summary>One subtask of the operator, its snapshots and its outputs.</summary>
    private sealed class Subtask
    {
        private readonly Channel<EpochEnd> _toSink = new(1);
        private readonly SubtaskOutputs _subtaskOutputs;
        private OperatorSnapshot? _snapshot;
        private SegmentWriter? _writer;
        private SnapshotKind _kind;

        public Subtask(Operator<TIn, TOut> op, int subtask, int parallelism, OutputTag<TOut> side, List<string> written)
        {
            Operator = op;
            Outputs = [new JobOutput<TOut>(JobOutput.MainKey, "main", new ListSink(written, "")), new JobOutput<TOut>(side, "side", new ListSink(written, $"{side} "))];
            var pool = new Pool<EpochOutputs>(() => new EpochOutputs([.. Outputs.Select(o => o.CreateRun())]));
            _subtaskOutputs = new SubtaskOutputs(Outputs, _toSink, pool);
            op.Open(new OperatorContext<TOut>("test", subtask, parallelism, _subtaskOutputs));
        }

        public Operator<TIn, TOut> Operator { get; }

        public JobOutput[] Outputs { get; }

        public List<StreamRecord<TIn>> Batch { get; } = [];

        public List<Segment> Chain { get; } = [];

        public Segment? Last { get; private set; }

        public void Process(Epoch<TIn> epoch)
        {
            StreamRecord<TIn>[] records = [.. Batch];
            for (int from = 0; from < records.Length; from += 5) Operator.Process(records.AsSpan(from, Math.Min(5, records.Length - from)));
            Operator.AdvanceProcessingTime(epoch.ProcessingTimeMs);
            Operator.AdvanceWatermark(epoch.WatermarkMs);
        }

        public EpochOutputs? TakeOutputs()
        {
            _subtaskOutputs.EndEpoch(default, isLast: false);
            return _toSink.Take().Outputs;
        }

        public void Begin(SnapshotKind kind)
        {
            _kind = kind == SnapshotKind.Incremental && Chain.Count == 0 ? SnapshotKind.Full : kind;
            if (_kind == SnapshotKind.Full) Chain.Clear();
            _snapshot = Operator.BeginSnapshot(_kind)!;
            _writer = new SegmentWriter("test", 0, _kind);
        }

        public void WriteSlice(int budget)
        {
            if (_snapshot?.Write(_writer!, budget) == true) _snapshot = null;
        }

        public void Complete()
        {
            while (_snapshot is not null) WriteSlice(100);
            Last = _writer!.Complete();
            if (_kind != SnapshotKind.Savepoint) Chain.Add(Last);
        }
    }
}
