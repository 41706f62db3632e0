using Cep.Engine.Keys;

namespace Cep.Engine.Checkpoints;

/// <summary>Reads the entries of one segment in the order in which they were written, each block's checksum checked before its first entry.</summary>
/// <remarks>Reads blocks as they are asked for, in constant memory. Not thread-safe.</remarks>
public sealed class SegmentReader : IDisposable
{
    private const ulong OpMask = (1 << SegmentFormat.OpBits) - 1;

    private readonly SegmentBlocks _blocks;
    private readonly List<StateSchema> _states = [];
    private readonly HashSet<string> _replaced = [];
    private SegmentCursor _cursor;
    private long _entries;
    private bool _isAtEnd;

    /// <summary>Opens a segment.</summary>
    /// <param name="name">Its name in the store, for errors.</param>
    /// <param name="stream">Stands at its beginning; disposed with the reader. What it throws itself is not caught.</param>
    /// <param name="bytes">How long it is to be.</param>
    /// <exception cref="CorruptSnapshotException">It does not begin as a segment does.</exception>
    /// <exception cref="SnapshotVersionException">It is of a version that is not known.</exception>
    public SegmentReader(string name, Stream stream, long bytes)
    {
        _blocks = new SegmentBlocks(name, stream, bytes);
        try
        {
            ReadHeader();
        }
        catch
        {
            _blocks.Dispose();
            throw;
        }
    }

    /// <summary>The operator that wrote it.</summary>
    public string OperatorUid { get; private set; } = "";

    /// <summary>The subtask that wrote it.</summary>
    public int Subtask { get; private set; }

    /// <summary>What it holds.</summary>
    public SnapshotKind Kind { get; private set; }

    /// <summary>The states declared up to where the reader stands, in the order in which they are numbered.</summary>
    public IReadOnlyList<StateSchema> States => _states;

    /// <summary>Reads the next entry.</summary>
    /// <param name="entry">Valid until the next call.</param>
    /// <returns>False at the end, when the whole segment has turned out to be what was written.</returns>
    /// <exception cref="CorruptSnapshotException">It is damaged.</exception>
    public bool Next(out SegmentEntry entry) => Next(null, out entry);

    /// <summary>Reads the next entry that a filter lets through.</summary>
    internal bool Next(EntryFilter? filter, out SegmentEntry entry)
    {
        while (!_isAtEnd && (!_cursor.IsAtEnd || NextBlock()))
        {
            ulong record = _cursor.Varint();
            if ((record & OpMask) == SegmentFormat.Declare) ReadDeclaration(record >> SegmentFormat.OpBits);
            else if (ReadEntry(record, filter, out entry)) return true;
        }

        entry = default;
        return false;
    }

    /// <summary>Checks a segment from its beginning to its end.</summary>
    /// <inheritdoc cref="SegmentReader(string, Stream, long)"/>
    /// <returns>What it says of itself.</returns>
    public static SegmentSummary Verify(string name, Stream stream, long bytes)
    {
        using var reader = new SegmentReader(name, stream, bytes);
        while (reader._blocks.Next() == SegmentFormat.DataBlock)
        {
        }

        return reader.ReadFooter(bytes);
    }

    /// <summary>Closes the stream.</summary>
    public void Dispose() => _blocks.Dispose();

    private void ReadHeader()
    {
        _blocks.ReadPrefix();
        if (_blocks.Next() != SegmentFormat.HeaderBlock) throw _blocks.Corrupt("its first block is no header");
        _cursor = new SegmentCursor(_blocks);
        Kind = (SnapshotKind)_cursor.Byte();
        if (Kind > SnapshotKind.Savepoint) throw _blocks.Corrupt($"it is of kind {(int)Kind}");
        Subtask = _cursor.Number(KeyGroupAssignment.KeyGroups - 1, "the subtask");
        OperatorUid = _cursor.Text();
        if (!_cursor.IsAtEnd) throw _blocks.Corrupt("its header is too long");
    }

    private bool NextBlock()
    {
        byte kind = _blocks.Next();
        _cursor = new SegmentCursor(_blocks);
        if (kind == SegmentFormat.DataBlock) return true;
        SegmentSummary summary = ReadFooter(0);
        if (summary.Entries != _entries) throw _blocks.Corrupt($"it has {_entries} entries where {summary.Entries} are announced");
        if (!summary.States.SequenceEqual(_states) || !summary.Replaced.SetEquals(_replaced)) throw _blocks.Corrupt("its footer lists other states");
        _isAtEnd = true;
        return false;
    }

    private void ReadDeclaration(ulong number)
    {
        (StateSchema schema, bool replaces) = _cursor.Schema();
        if (number != (ulong)_states.Count) throw _blocks.Corrupt($"state {number} is declared where {_states.Count} is next");
        _states.Add(schema);
        if (replaces) _replaced.Add(schema.Name);
    }

    private bool ReadEntry(ulong record, EntryFilter? filter, out SegmentEntry entry)
    {
        ulong number = record >> SegmentFormat.OpBits;
        ulong op = record & OpMask;
        if (number >= (ulong)_states.Count || op > SegmentFormat.Delete) throw _blocks.Corrupt($"a record begins with {record}");
        int state = (int)number;
        int keyGroup = _cursor.Number(KeyGroupAssignment.KeyGroups, "a key group") - 1;
        ReadOnlySpan<byte> key = _cursor.Prefixed();
        ReadOnlySpan<byte> value = op == SegmentFormat.Put ? _cursor.Prefixed() : default;
        _entries++;
        StateSchema schema = _states[state];
        if (filter is not null && !filter.Passes(keyGroup, ref state, ref schema))
        {
            entry = default;
            return false;
        }

        entry = new SegmentEntry
        {
            State = schema,
            StateIndex = state,
            Subtask = Subtask,
            KeyGroup = keyGroup,
            Key = key,
            Value = value,
            IsDelete = op == SegmentFormat.Delete,
        };
        return true;
    }

    private SegmentSummary ReadFooter(long bytes)
    {
        if (_blocks.Content[0] != SegmentFormat.FooterBlock) throw _blocks.Corrupt($"there is no kind of block {_blocks.Content[0]}");
        _blocks.CheckEnd();
        var footer = new SegmentCursor(_blocks);
        var states = new StateSchema[footer.Number(_blocks.Content.Count, "the number of states")];
        var replaced = new HashSet<string>();
        for (int i = 0; i < states.Length; i++)
        {
            (states[i], bool replaces) = footer.Schema();
            if (replaces) replaced.Add(states[i].Name);
        }

        long entries = unchecked((long)footer.Varint());
        int first = footer.Number(KeyGroupAssignment.KeyGroups, "the lowest key group") - 1;
        int last = footer.Number(KeyGroupAssignment.KeyGroups, "the highest key group") - 1;
        if (footer.Checksum() != _blocks.Checksum || !footer.IsAtEnd) throw _blocks.Corrupt("its footer does not fit its blocks");
        return new SegmentSummary(OperatorUid, Subtask, Kind, states, replaced, entries, first, last, bytes, _blocks.Checksum);
    }
}
