using System.Buffers.Binary;
using System.Text;

namespace Cep.Engine.Checkpoints;

/// <summary>One entry of a snapshot. Its spans are valid until the next entry is read.</summary>
public readonly ref struct SegmentEntry
{
    internal SegmentEntry(StateSchema state, int keyGroup, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isDelete)
    {
        State = state;
        KeyGroup = keyGroup;
        Key = key;
        Value = value;
        IsDelete = isDelete;
    }

    /// <summary>The state, as it was declared.</summary>
    public StateSchema State { get; }

    /// <summary>0 to 127, or <see cref="SegmentWriter.NonKeyed"/>.</summary>
    public int KeyGroup { get; }

    /// <summary>The key's bytes.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>The value's bytes; empty when the entry is deleted.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether what earlier segments have under this key counts no more.</summary>
    public bool IsDelete { get; }
}

/// <summary>Reads a segment, verifying it as it goes. One thread.</summary>
public sealed class SegmentReader
{
    private readonly string _name;
    private readonly byte[] _bytes;
    private readonly List<StateSchema> _states = [];
    private readonly HashSet<string> _replaced = [];
    private int _next;
    private int _at;
    private int _end;
    private long _entries;
    private bool _ended;

    /// <summary>Opens a segment.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="bytes">All of it.</param>
    /// <exception cref="CorruptSnapshotException">It does not begin as a segment, or its version is not known.</exception>
    public SegmentReader(string name, byte[] bytes)
    {
        _name = name;
        _bytes = bytes;
        ReadOnlySpan<byte> magic = SegmentFormat.Magic;
        if (bytes.Length <= magic.Length || !bytes.AsSpan().StartsWith(magic)) throw Corrupt("It is not a segment of a snapshot.");
        if (bytes[magic.Length] != SegmentFormat.Version)
            throw Corrupt($"Its format has version {bytes[magic.Length]}; this program reads version {SegmentFormat.Version}.");
        _next = magic.Length + 1;
        OpenFrame();
        Subtask = Number();
        Kind = (SnapshotKind)Number();
        OperatorUid = Encoding.UTF8.GetString(Blob());
    }

    /// <summary>The operator that wrote it.</summary>
    public string OperatorUid { get; }

    /// <summary>The subtask that wrote it.</summary>
    public int Subtask { get; }

    /// <summary>What it holds.</summary>
    public SnapshotKind Kind { get; }

    /// <summary>The states declared so far, by number.</summary>
    public IReadOnlyList<StateSchema> States => _states;

    /// <summary>Whether this segment replaces a state: what earlier ones have of it counts no more. Complete once all was read.</summary>
    public bool Replaces(string state) => _replaced.Contains(state);

    /// <summary>Reads the next entry.</summary>
    /// <returns>False at the end, when everything was found whole.</returns>
    /// <exception cref="CorruptSnapshotException">The segment is damaged or cut.</exception>
    public bool Next(out SegmentEntry entry)
    {
        entry = default;
        while (!_ended)
        {
            if (_at == _end && !OpenFrame()) return false;
            byte item = Byte();
            if (item == SegmentFormat.Declare)
            {
                ReadDeclaration();
                continue;
            }

            if (item > SegmentFormat.Delete) throw Corrupt("An item of it is of no known kind.");
            int state = Number();
            int keyGroup = Number() - 1;
            if (state >= _states.Count || keyGroup >= Keys.KeyGroupAssignment.KeyGroups) throw Corrupt("An entry of it belongs to no state.");
            ReadOnlySpan<byte> key = Blob();
            ReadOnlySpan<byte> value = item == SegmentFormat.Put ? Blob() : default;
            _entries++;
            entry = new SegmentEntry(_states[state], keyGroup, key, value, item == SegmentFormat.Delete);
            return true;
        }

        return false;
    }

    /// <summary>Reads all of a segment, to see whether it is whole.</summary>
    /// <exception cref="CorruptSnapshotException">It is not.</exception>
    public static SegmentReader Verify(string name, byte[] bytes)
    {
        var reader = new SegmentReader(name, bytes);
        while (reader.Next(out _))
        {
        }

        return reader;
    }

    private void ReadDeclaration()
    {
        if (Number() != _states.Count) throw Corrupt("Its states are not in order.");
        bool replaces = Byte() == SegmentFormat.Replaces;
        var schema = new StateSchema(Text(), Text(), Text(), Text());
        _states.Add(schema);
        if (replaces) _replaced.Add(schema.Name);
    }

    /// <returns>False at the end of the segment.</returns>
    private bool OpenFrame()
    {
        if (_bytes.Length - _next < SegmentFormat.FrameHeaderBytes) throw Corrupt("It is cut short.");
        int length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(_next));
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(_next + sizeof(int)));
        int begin = _next + SegmentFormat.FrameHeaderBytes;
        bool isLast = length == 0;
        if (isLast) length = sizeof(long);
        if (length < 0 || _bytes.Length - begin < length) throw Corrupt("It is cut short.");
        if (SegmentFormat.Checksum(_bytes.AsSpan(begin, length)) != checksum) throw Corrupt($"The bytes from {begin} on are damaged.");
        (_at, _end, _next) = (begin, begin + length, begin + length);
        if (!isLast) return true;
        _ended = true;
        if (BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(begin)) != _entries) throw Corrupt("Entries of it are missing.");
        if (_next != _bytes.Length) throw Corrupt("There is more after its end.");
        return false;
    }

    private byte Byte() => _at < _end ? _bytes[_at++] : throw Corrupt("An item of it runs over the end of its block.");

    private int Number()
    {
        uint value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte one = Byte();
            value |= (uint)(one & 0x7F) << shift;
            if (one < 0x80) return value <= int.MaxValue ? (int)value : throw Corrupt("A number of it is out of range.");
        }

        throw Corrupt("A number of it is too long.");
    }

    private ReadOnlySpan<byte> Blob()
    {
        int length = Number();
        if (_end - _at < length) throw Corrupt("An item of it runs over the end of its block.");
        ReadOnlySpan<byte> blob = _bytes.AsSpan(_at, length);
        _at += length;
        return blob;
    }

    private string Text() => Encoding.UTF8.GetString(Blob());

    private CorruptSnapshotException Corrupt(string reason) => new(_name, reason);
}
