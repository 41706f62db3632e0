using System.Buffers.Binary;
using Cep.Engine.Keys;

namespace Cep.Engine.Checkpoints;

/// <summary>Writes what one subtask of an operator remembers, or what has changed of it, as a <see cref="Segment"/> in memory.</summary>
/// <remarks>
/// No allocation per entry: bytes go to pooled chunks, which the segment returns. Not thread-safe. A writer that is given up is disposed.
/// </remarks>
public sealed class SegmentWriter : IDisposable
{
    /// <summary>The key group of operator state, which has no key: every subtask that is restored sees all of it.</summary>
    public const int NonKeyed = -1;

    private readonly List<(StateSchema Schema, bool Replaces)> _states = [];
    private readonly SegmentChunks _chunks = new();
    private readonly string _operatorUid;
    private readonly int _subtask;
    private readonly SnapshotKind _kind;

    // The chunk that is written to, and in it the block: from its length to where it must end.
    private byte[] _chunk = [];
    private int _at;
    private int _block;
    private int _limit;
    private int _blocks;
    private ulong _checksum;
    private long _sealedBytes;
    private long _entries;
    private int _firstKeyGroup = int.MaxValue;
    private int _lastKeyGroup = int.MinValue;
    private bool _isOver;

    /// <summary>Begins a segment.</summary>
    /// <param name="operatorUid">The operator's uid; not empty.</param>
    /// <param name="subtask">The subtask, from 0.</param>
    /// <param name="kind">What the segment will hold.</param>
    public SegmentWriter(string operatorUid, int subtask, SnapshotKind kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(operatorUid);
        ArgumentOutOfRangeException.ThrowIfNegative(subtask);
        (_operatorUid, _subtask, _kind) = (operatorUid, subtask, kind);
        WriteHeader();
    }

    /// <summary>The bytes written so far; the footer, which <see cref="Complete"/> adds, is not among them.</summary>
    public long Bytes => _sealedBytes + _at;

    /// <summary>Announces a state, before its first entry.</summary>
    /// <param name="schema">The state; its name is not yet in the segment.</param>
    /// <param name="replaces">Whether what earlier segments of the chain hold of this state counts no more. Also without any entry here: it is empty then.</param>
    /// <returns>The state's number, for <see cref="Put"/> and <see cref="Delete"/>; from 0.</returns>
    /// <exception cref="ArgumentException">A state of this name has been declared.</exception>
    public int Declare(StateSchema schema, bool replaces = false)
    {
        foreach ((StateSchema declared, _) in _states)
        {
            if (declared.Name == schema.Name) throw new ArgumentException($"The state {schema.Name} of {_operatorUid} is declared twice.", nameof(schema));
        }

        Reserve(SegmentFormat.MaxVarintBytes + SegmentFormat.SchemaBytes(schema));
        Varint(((ulong)_states.Count << SegmentFormat.OpBits) | SegmentFormat.Declare);
        _at += SegmentFormat.WriteSchema(_chunk.AsSpan(_at), schema, replaces);
        _states.Add((schema, replaces));
        return _states.Count - 1;
    }

    /// <summary>Writes what a key has; it stands for what was written before under the same state, key group and key.</summary>
    /// <param name="state">As <see cref="Declare"/> numbered it.</param>
    /// <param name="keyGroup">The key's group, or <see cref="NonKeyed"/>.</param>
    /// <param name="key">The bytes that tell the entry from others of the same state and key group.</param>
    /// <param name="value">The bytes of the value.</param>
    /// <exception cref="ArgumentException">Key and value are longer than 1 GiB together.</exception>
    public void Put(int state, int keyGroup, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        BeginEntry(state, keyGroup, SegmentFormat.Put, (long)key.Length + value.Length);
        Prefixed(key);
        Prefixed(value);
    }

    /// <summary>Writes that a key has nothing any more.</summary>
    /// <inheritdoc cref="Put"/>
    public void Delete(int state, int keyGroup, ReadOnlySpan<byte> key)
    {
        BeginEntry(state, keyGroup, SegmentFormat.Delete, key.Length);
        Prefixed(key);
    }

    /// <summary>Ends the segment. The writer is of no use afterwards.</summary>
    public Segment Complete()
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        SealBlock();
        WriteFooter();
        if (_at > 0) _chunks.Add(_chunk, _at);
        (_chunk, _isOver) = ([], true);
        return new Segment(_operatorUid, _subtask, _kind, _chunks)
        {
            Checksum = _checksum,
            Entries = _entries,
            FirstKeyGroup = _firstKeyGroup,
            LastKeyGroup = _lastKeyGroup,
        };
    }

    /// <summary>Gives the segment up, unless it is complete.</summary>
    public void Dispose()
    {
        if (_isOver) return;
        SegmentChunks.Return(_chunk);
        (_chunk, _limit, _isOver) = ([], 0, true);
        _chunks.Dispose();
    }

    private void BeginEntry(int state, int keyGroup, int op, long bytes)
    {
        if ((uint)state >= (uint)_states.Count) throw new ArgumentOutOfRangeException(nameof(state), state, "No state of this number is declared.");
        if (keyGroup is < NonKeyed or >= KeyGroupAssignment.KeyGroups) throw new ArgumentOutOfRangeException(nameof(keyGroup), keyGroup, "There is no such key group.");
        if (bytes > SegmentFormat.MaxEntryBytes) ThrowTooLong(state, bytes);
        Reserve((int)bytes + 4 * SegmentFormat.MaxVarintBytes);
        Varint(((ulong)state << SegmentFormat.OpBits) | (uint)op);
        Varint((ulong)(keyGroup + 1));
        _entries++;
        if (keyGroup < _firstKeyGroup) _firstKeyGroup = keyGroup;
        if (keyGroup > _lastKeyGroup) _lastKeyGroup = keyGroup;
    }

    private void ThrowTooLong(int state, long bytes) => throw new ArgumentException(
        $"An entry of the state {_states[state].Schema.Name} of {_operatorUid} has {bytes} bytes; at most {SegmentFormat.MaxEntryBytes} can be kept.");

    private void Varint(ulong value)
    {
        if (value < 0x80) _chunk[_at++] = (byte)value;
        else _at += SegmentFormat.WriteVarint(_chunk.AsSpan(_at), value);
    }

    private void Prefixed(ReadOnlySpan<byte> bytes)
    {
        Varint((uint)bytes.Length);
        bytes.CopyTo(_chunk.AsSpan(_at));
        _at += bytes.Length;
    }

    /// <summary>Makes room for a record, in the block that is open or a new one.</summary>
    private void Reserve(int bytes)
    {
        if (bytes <= _limit - _at) return;
        ObjectDisposedException.ThrowIf(_isOver, this);
        SealBlock();
        OpenBlock(SegmentFormat.DataBlock, bytes);
    }

    private void OpenBlock(byte kind, int bytes)
    {
        int least = SegmentFormat.BlockHeaderBytes + 1 + bytes;
        if (_chunk.Length - _at < least) NextChunk(least);
        _block = _at;
        _at += SegmentFormat.BlockHeaderBytes;
        _chunk[_at++] = kind;
        _limit = Math.Min(_chunk.Length, Math.Max(_block + least, _block + SegmentFormat.BlockHeaderBytes + SegmentFormat.BlockBytes));
    }

    private void NextChunk(int least)
    {
        byte[] next = SegmentChunks.Rent(Bytes, least);
        if (_at > 0)
        {
            _sealedBytes += _at;
            _chunks.Add(_chunk, _at);
        }

        (_chunk, _at) = (next, 0);
    }

    private void SealBlock()
    {
        if (_limit == 0) return;
        Span<byte> block = _chunk.AsSpan(_block, _at - _block);
        Span<byte> content = block[SegmentFormat.BlockHeaderBytes..];
        uint checksum = SegmentFormat.BlockChecksum(_blocks++, content);
        BinaryPrimitives.WriteInt32LittleEndian(block, content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[4..], checksum);
        if (content[0] != SegmentFormat.FooterBlock) _checksum = SegmentFormat.Fold(_checksum, content.Length, checksum);
        _limit = 0;
    }

    private void WriteHeader()
    {
        int bytes = 1 + SegmentFormat.MaxVarintBytes + SegmentFormat.TextBytes(_operatorUid);
        NextChunk(SegmentFormat.PrefixBytes + SegmentFormat.BlockHeaderBytes + 1 + bytes);
        SegmentFormat.WritePrefix(_chunk);
        _at = SegmentFormat.PrefixBytes;
        OpenBlock(SegmentFormat.HeaderBlock, bytes);
        _chunk[_at++] = (byte)_kind;
        Varint((ulong)_subtask);
        _at += SegmentFormat.WriteText(_chunk.AsSpan(_at), _operatorUid);
        SealBlock();
    }

    private void WriteFooter()
    {
        OpenBlock(SegmentFormat.FooterBlock, 4 * SegmentFormat.MaxVarintBytes + sizeof(ulong) + _states.Sum(s => SegmentFormat.SchemaBytes(s.Schema)));
        Varint((ulong)_states.Count);
        foreach ((StateSchema schema, bool replaces) in _states) _at += SegmentFormat.WriteSchema(_chunk.AsSpan(_at), schema, replaces);
        if (_entries == 0) (_firstKeyGroup, _lastKeyGroup) = (0, NonKeyed);
        Varint((ulong)_entries);
        Varint((ulong)(_firstKeyGroup + 1));
        Varint((ulong)(_lastKeyGroup + 1));
        BinaryPrimitives.WriteUInt64LittleEndian(_chunk.AsSpan(_at), _checksum);
        _at += sizeof(ulong);
        SealBlock();
    }
}
