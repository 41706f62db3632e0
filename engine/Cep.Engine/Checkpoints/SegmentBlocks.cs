using System.Buffers;
using System.Buffers.Binary;

namespace Cep.Engine.Checkpoints;

/// <summary>Reads the blocks of a segment in order and checks the checksum of each before anyone looks into it.</summary>
/// <param name="name">The segment's name, for errors.</param>
/// <param name="stream">Stands at the segment's beginning; disposed with this.</param>
/// <param name="length">The bytes that the stream has.</param>
internal sealed class SegmentBlocks(string name, Stream stream, long length) : IDisposable
{
    private const int BufferBytes = 256 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferBytes, Math.Max(length, SegmentFormat.PrefixBytes)));
    private int _start;
    private int _end;
    private int _blocks;
    private long _taken;

    /// <summary>The content of the block that stands open, its kind in front. Good until the next block.</summary>
    public ArraySegment<byte> Content { get; private set; }

    /// <summary>Folded from the blocks before the footer.</summary>
    public ulong Checksum { get; private set; }

    public CorruptSnapshotException Corrupt(string reason) => new(name, reason);

    /// <summary>Reads what stands before the blocks.</summary>
    public void ReadPrefix() => SegmentFormat.ReadPrefix(name, Take(SegmentFormat.PrefixBytes));

    /// <summary>Opens the next block.</summary>
    /// <returns>Its kind.</returns>
    public byte Next()
    {
        ReadOnlySpan<byte> header = Take(SegmentFormat.BlockHeaderBytes);
        int bytes = BinaryPrimitives.ReadInt32LittleEndian(header);
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (bytes < 1) throw Corrupt($"block {_blocks} announces {bytes} bytes");
        Content = Take(bytes);
        if (SegmentFormat.BlockChecksum(_blocks, Content) != checksum) throw Corrupt($"the checksum of block {_blocks} is wrong");
        _blocks++;
        byte kind = Content[0];
        if (kind != SegmentFormat.FooterBlock) Checksum = SegmentFormat.Fold(Checksum, bytes, checksum);
        return kind;
    }

    /// <summary>Checks that nothing comes after the footer.</summary>
    public void CheckEnd()
    {
        if (_taken != length) throw Corrupt($"{length - _taken} bytes come after its end");
    }

    public void Dispose()
    {
        stream.Dispose();
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private ArraySegment<byte> Take(int bytes)
    {
        if (bytes > length - _taken) throw Corrupt($"it is cut off after {length} bytes");
        if (bytes > _end - _start) Fill(bytes);
        var taken = new ArraySegment<byte>(_buffer, _start, bytes);
        _start += bytes;
        _taken += bytes;
        return taken;
    }

    private void Fill(int bytes)
    {
        MakeRoom(bytes);
        while (_end - _start < bytes)
        {
            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0) throw Corrupt($"it is cut off after {_taken + _end - _start} of {length} bytes");
            _end += read;
        }
    }

    private void MakeRoom(int bytes)
    {
        byte[] to = bytes > _buffer.Length ? ArrayPool<byte>.Shared.Rent(bytes) : _buffer;
        _buffer.AsSpan(_start, _end - _start).CopyTo(to);
        if (to != _buffer) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = (to, 0, _end - _start);
    }
}
