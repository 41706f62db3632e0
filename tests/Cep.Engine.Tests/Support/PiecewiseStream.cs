namespace Cep.Engine.Tests.Support;

/// <summary>Gives bytes in the pieces a test wants them cut into.</summary>
internal sealed class PiecewiseStream(params byte[][] pieces) : MemoryStream
{
    private readonly Queue<byte[]> _pieces = new(pieces.Where(piece => piece.Length > 0));
    private int _at;

    public override bool CanSeek => false;

    /// <summary>The same bytes, at most <paramref name="size"/> at a time.</summary>
    public static PiecewiseStream Cut(byte[] bytes, int size) => new([.. bytes.Chunk(size)]);

    public override int Read(Span<byte> buffer)
    {
        if (!_pieces.TryPeek(out byte[]? piece)) return 0;
        int length = Math.Min(buffer.Length, piece.Length - _at);
        piece.AsSpan(_at, length).CopyTo(buffer);
        _at += length;
        if (_at == piece.Length)
        {
            _pieces.Dequeue();
            _at = 0;
        }

        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
}
