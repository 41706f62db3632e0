using Xunit;
using System.Buffers.Binary;
using System.Text;
using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;
using Cep.Engine.Streams;

namespace Cep.Engine.Tests.Support;

/// <summary>Emits each record at once with the count of its key, and remembers the counts: written key by key, a few at each slice.</summary>
internal sealed class CountingOperator(Action<Event>? onRecord = null) : Operator<Event, string>
{
    private static readonly StateSchema Counts = new("counts", "value", "string", "int32");

    private readonly Dictionary<string, (int Count, int KeyGroup)> _counts = [];
    private readonly HashSet<string> _changed = [];
    private OperatorContext<string> _context = null!;
    private Walk? _walk;
    private string _suffix = "";

    public override void Open(OperatorContext<string> context) => _context = context;

    public override void Process(ReadOnlySpan<StreamRecord<Event>> records)
    {
        foreach (ref readonly StreamRecord<Event> record in records)
        {
            onRecord?.Invoke(record.Value);
            string key = record.Value.Key;
            _walk?.Before(key);
            int count = _counts.GetValueOrDefault(key).Count + 1;
            _counts[key] = (count, record.KeyGroup);
            _changed.Add(key);
            _context.Emit($"{record.Value} {count}{_suffix}", record.TimestampMs, record.Sequence);
        }
    }

    public override void AdvanceWatermark(long watermarkMs)
    {
    }

    public override OperatorSnapshot BeginSnapshot(SnapshotKind kind)
    {
        _walk = new Walk(this, kind, kind == SnapshotKind.Incremental ? [.. _changed] : [.. _counts.Keys]);
        if (kind != SnapshotKind.Savepoint) _changed.Clear();
        return _walk;
    }

    public override void Restore(StateReader state)
    {
        while (state.Next(out SegmentEntry entry))
        {
            Assert.Equal(Counts, entry.State);
            Assert.True(_context.KeyGroups.Contains(entry.KeyGroup));
            _counts[Encoding.UTF8.GetString(entry.Key)] = (BinaryPrimitives.ReadInt32LittleEndian(entry.Value), entry.KeyGroup);
        }
    }

    public override void Apply(object change) => _suffix = (string)change;

    private sealed class Walk(CountingOperator op, SnapshotKind kind, HashSet<string> left) : OperatorSnapshot
    {
        private readonly Dictionary<string, (int Count, int KeyGroup)> _before = [];
        private int _state = -1;

        public void Before(string key)
        {
            if (left.Contains(key)) _before.TryAdd(key, op._counts[key]);
        }

        public override bool Write(SegmentWriter writer, long budgetBytes)
        {
            if (_state < 0) _state = writer.Declare(Counts);
            Span<byte> value = stackalloc byte[sizeof(int)];
            for (int i = 0; left.Count > 0 && (i < 3 || budgetBytes == long.MaxValue); i++)
            {
                string key = left.First();
                (int count, int keyGroup) = _before.GetValueOrDefault(key, op._counts[key]);
                BinaryPrimitives.WriteInt32LittleEndian(value, count);
                writer.Put(_state, keyGroup, Encoding.UTF8.GetBytes(key), value);
                left.Remove(key);
            }

            if (left.Count > 0) return false;
            op._walk = null;
            return true;
        }

        public override void Abandon()
        {
            if (kind != SnapshotKind.Savepoint) op._changed.UnionWith(op._counts.Keys);
            op._walk = null;
        }
    }
}
