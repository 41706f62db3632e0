using Cep.Engine.Connectors;

namespace Cep.Simulation.Rules;

/// <summary>Lines that a source reads a piece at a time, cut at the same places in every run; what a piece holds is handed on before the next one is read.</summary>
internal static class PiecewiseInput
{
    /// <param name="name">Of the split.</param>
    /// <param name="content">All of it.</param>
    /// <param name="pieceBytes">The size of a piece.</param>
    /// <param name="onPiece">Called before a piece is read.</param>
    public static ByteInput Of(string name, byte[] content, int pieceBytes, Action onPiece) => ByteInput.Reopened(name, () => new Pieces(content, pieceBytes, onPiece), isLive: true);

    private sealed class Pieces(byte[] content, int pieceBytes, Action onPiece) : MemoryStream(content, writable: false)
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            if (Position % pieceBytes == 0) onPiece();
            return base.Read(buffer, offset, Math.Min(count, pieceBytes - (int)(Position % pieceBytes)));
        }
    }
}
