using System.Buffers.Binary;
using System.Text;

namespace Cep.Engine.Checkpoints;

/// <summary>Writes the entries of one subtask's snapshot: the states first, then what each holds by key group and key. One thread.</summary>
/// <remarks>Entries become checksummed blocks as they come, so finishing costs nothing.</remarks>
public sealed class SegmentWriter
{
    /// <summary>The key group of operator state: every restored subtask is given all of it.</summary>
    public const int NonKeyed = -1;

    private const int BlockBytes = 64 * 1024;
    private const int MaxVarint = 5;

    private readonly List<ReadOnlyMemory<byte>> _chunks = [];
    private readonly SnapshotKind _kind;
    private byte[] _block = new byte[BlockBytes + 1024];
    private int _length = SegmentFormat.FrameHeaderBytes;
    private long _sealedBytes;
    private long _entries;
    private int _states;

    /// <summary>Begins a segment.</summary>
    /// <param name="operatorUid">Whose it is.</param>
    /// <param name="subtask">Which subtask's.</param>
    /// <param name="kind">What it holds.</param>
    public SegmentWriter(string operatorUid, int subtask, SnapshotKind kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(operatorUid);
        _kind = kind;
        _chunks.Add(SegmentFormat.Magic.ToArray().Append(SegmentFormat.Version).ToArray());
        Number(subtask);
        Number((int)kind);
        Text(operatorUid);
        Seal();
    }

    /// <summary>About how many bytes it has so far.</summary>
    public long Bytes => _sealedBytes + _length;

    /// <summary>Declares a state before its entries.</summary>
    /// <param name="schema">What it is.</param>
    /// <param name="replaces">What earlier segments of the chain hold of this state counts no more.</param>
    /// <returns>Its number, for the entries.</returns>
    public int Declare(StateSchema schema, bool replaces = false)
    {
        ArgumentNullException.ThrowIfNull(schema);
        Room(2 + MaxVarint);
        _block[_length++] = SegmentFormat.Declare;
        Number(_states);
        _block[_length++] = replaces ? SegmentFormat.Replaces : (byte)0;
        Text(schema.Name);
        Text(schema.Kind);
        Text(schema.Key);
        Text(schema.Value);
        return _states++;
    }

    /// <summary>Writes an entry; it takes the place of one of the same state and key in an earlier segment.</summary>
    /// <param name="state">As declared.</param>
    /// <param name="keyGroup">0 to 127, or <see cref="NonKeyed"/>.</param>
    /// <param name="key">The key's bytes.</param>
    /// <param name="value">The value's bytes.</param>
    public void Put(int state, int keyGroup, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Begin(SegmentFormat.Put, state, keyGroup);
        Blob(key);
        Blob(value);
        End();
    }

    /// <summary>Writes that an entry of an earlier segment is there no more.</summary>
    public void Delete(int state, int keyGroup, ReadOnlySpan<byte> key)
    {
        Begin(SegmentFormat.Delete, state, keyGroup);
        Blob(key);
        End();
    }

    /// <summary>Ends the segment.</summary>
    public Segment Complete()
    {
        if (_length > SegmentFormat.FrameHeaderBytes) Seal();
        var end = new byte[SegmentFormat.EndBytes];
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(SegmentFormat.FrameHeaderBytes), _entries);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(sizeof(int)), SegmentFormat.Checksum(end.AsSpan(SegmentFormat.FrameHeaderBytes)));
        _chunks.Add(end);
        return new Segment(_chunks, _kind);
    }

    private void Begin(byte item, int state, int keyGroup)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(state);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(state, _states);
        Room(1);
        _block[_length++] = item;
        Number(state);
        Number(keyGroup + 1);
    }

    private void End()
    {
        _entries++;
        if (_length >= BlockBytes) Seal();
    }

    private void Seal()
    {
        Span<byte> block = _block.AsSpan(0, _length);
        BinaryPrimitives.WriteInt32LittleEndian(block, _length - SegmentFormat.FrameHeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(block[sizeof(int)..], SegmentFormat.Checksum(block[SegmentFormat.FrameHeaderBytes..]));
        _chunks.Add(_block.AsMemory(0, _length));
        _sealedBytes += _length;
        _block = new byte[BlockBytes + 1024];
        _length = SegmentFormat.FrameHeaderBytes;
    }

    private void Number(int value)
    {
        Room(MaxVarint);
        uint left = (uint)value;
        for (; left >= 0x80; left >>= 7) _block[_length++] = (byte)(left | 0x80);
        _block[_length++] = (byte)left;
    }

    private void Text(string text) => Blob(Encoding.UTF8.GetBytes(text));

    private void Blob(ReadOnlySpan<byte> bytes)
    {
        Number(bytes.Length);
        Room(bytes.Length);
        bytes.CopyTo(_block.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Room(int bytes)
    {
        if (_block.Length - _length < bytes) Array.Resize(ref _block, Math.Max(_block.Length * 2, _length + bytes));
    }
}
