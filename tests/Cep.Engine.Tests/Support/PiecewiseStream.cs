namespace Cep.Engine.Tests.Support;

/// <summary>Gives bytes in the pieces a test wants them cut into.</summary>
internal sealed class PiecewiseStream(params byte[][] pieces) : MemoryStream
{
    private readonly Queue<byte[]> _pieces = new(pieces.Where(piece => piece.Length > 0));

    public override bool CanSeek => false;

    /// <summary>The same bytes, at most <paramref name="size"/> at a time.</summary>
    public static PiecewiseStream Cut(byte[] bytes, int size) => new([.. bytes.Chunk(size)]);

    public override int Read(Span<byte> buffer)
    {
        if (!_pieces.TryDequeue(out byte[]? piece)) return 0;
        piece.CopyTo(buffer);
        return piece.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
}
