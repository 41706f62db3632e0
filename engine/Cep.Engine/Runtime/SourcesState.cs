using System.Buffers.Binary;
using System.Text;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Time;

namespace Cep.Engine.Runtime;

/// <summary>Where a split is read on.</summary>
/// <param name="Position">After the last record that counts as read.</param>
/// <param name="WatermarkMs">The split's watermark there.</param>
/// <param name="IsEnded">Whether the split was read to its end.</param>
/// <param name="Records">Well-formed records before it.</param>
/// <param name="Late">Late ones among them.</param>
/// <param name="Malformed">Malformed pieces before it.</param>
internal sealed record SplitStart(SourcePosition Position, long WatermarkMs, bool IsEnded, long Records, long Late, long Malformed);

/// <summary>Where the input of a job stands at a barrier: each split by name, and the merged sequence and time.</summary>
internal sealed class SourcesState
{
    /// <summary>The uid under which it lies in a checkpoint.</summary>
    public const string Uid = "sources";

    private const int MergedBytes = 3 * sizeof(long);
    private const int SplitBytes = 6 * sizeof(long) + 1;

    private static readonly StateSchema Merged = new("merged", "operator", "", "sequence:int64,watermark:int64,processing-time:int64");
    private static readonly StateSchema Splits = new(
        "splits", "operator", "name:string", "offset:int64,line:int64,watermark:int64,records:int64,late:int64,malformed:int64,ended:bool");

    private static readonly StateSchema Shuffles = new("shuffles", "operator", "uid:string", "sequence:int64");

    private readonly Dictionary<string, SplitStart> _splits = [];
    private readonly Dictionary<string, long> _shuffles = [];

    /// <summary>The sequence of the next piece of input.</summary>
    public long NextSequence { get; init; }

    /// <summary>The merged watermark that the operators were told.</summary>
    public long WatermarkMs { get; init; } = Watermark.None;

    /// <summary>The processing time that the operators were told.</summary>
    public long ProcessingTimeMs { get; init; } = long.MinValue;

    /// <summary>The splits by name.</summary>
    public IReadOnlyDictionary<string, SplitStart> ByName => _splits;

    /// <summary>The sequence of the next record into an operator that reads from operators.</summary>
    public long NextSequenceInto(string uid) => _shuffles.GetValueOrDefault(uid, NextSequence);

    public void Add(string name, SplitStart split) => _splits.Add(name, split);

    /// <summary>What the thread before an operator that reads from operators remembers.</summary>
    /// <param name="writer">Its number among the writers of <see cref="Uid"/>.</param>
    /// <param name="uid">The operator's uid.</param>
    /// <param name="nextSequence">The sequence of the next record into it.</param>
    public static Segment ShuffleSegment(int writer, string uid, long nextSequence)
    {
        var segment = new SegmentWriter(Uid, writer, SnapshotKind.Full);
        Span<byte> value = stackalloc byte[sizeof(long)];
        WriteLongs(value, [nextSequence]);
        segment.Put(segment.Declare(Shuffles, replaces: true), SegmentWriter.NonKeyed, Encoding.UTF8.GetBytes(uid), value);
        return segment.Complete();
    }

    public Segment ToSegment()
    {
        // Small, and never a delta: each checkpoint holds all of it.
        var writer = new SegmentWriter(Uid, 0, SnapshotKind.Full);
        Span<byte> value = stackalloc byte[Math.Max(MergedBytes, SplitBytes)];
        int merged = writer.Declare(Merged, replaces: true);
        int splits = writer.Declare(Splits, replaces: true);
        WriteLongs(value, [NextSequence, WatermarkMs, ProcessingTimeMs]);
        writer.Put(merged, SegmentWriter.NonKeyed, [], value[..MergedBytes]);
        foreach ((string name, SplitStart split) in _splits)
        {
            WriteLongs(value, [split.Position.Offset, split.Position.Line, split.WatermarkMs, split.Records, split.Late, split.Malformed]);
            value[SplitBytes - 1] = split.IsEnded ? (byte)1 : (byte)0;
            writer.Put(splits, SegmentWriter.NonKeyed, Encoding.UTF8.GetBytes(name), value[..SplitBytes]);
        }

        return writer.Complete();
    }

    public static SourcesState From(StateReader reader)
    {
        long[] merged = [0, Watermark.None, long.MinValue];
        var splits = new Dictionary<string, SplitStart>();
        var shuffles = new Dictionary<string, long>();
        while (reader.Next(out SegmentEntry entry))
        {
            if (entry.State.Name == Merged.Name)
                merged = ReadLongs(entry.Value, 3);
            else if (entry.State.Name == Shuffles.Name)
                shuffles[Encoding.UTF8.GetString(entry.Key)] = ReadLongs(entry.Value, 1)[0];
            else
                splits[Encoding.UTF8.GetString(entry.Key)] = ReadSplit(entry.Value);
        }

        var state = new SourcesState { NextSequence = merged[0], WatermarkMs = merged[1], ProcessingTimeMs = merged[2] };
        foreach ((string name, SplitStart split) in splits) state.Add(name, split);
        foreach ((string uid, long sequence) in shuffles) state._shuffles.Add(uid, sequence);
        return state;
    }

    private static SplitStart ReadSplit(ReadOnlySpan<byte> value)
    {
        long[] numbers = ReadLongs(value, 6);
        return new SplitStart(new SourcePosition(numbers[0], numbers[1]), numbers[2], value[SplitBytes - 1] != 0, numbers[3], numbers[4], numbers[5]);
    }

    private static void WriteLongs(Span<byte> to, ReadOnlySpan<long> values)
    {
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(to[(i * sizeof(long))..], values[i]);
    }

    private static long[] ReadLongs(ReadOnlySpan<byte> from, int count)
    {
        var values = new long[count];
        for (int i = 0; i < count; i++) values[i] = BinaryPrimitives.ReadInt64LittleEndian(from[(i * sizeof(long))..]);
        return values;
    }
}
