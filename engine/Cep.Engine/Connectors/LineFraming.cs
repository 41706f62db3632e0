namespace Cep.Engine.Connectors;

/// <summary>One record a line, as in JSON lines. A line of nothing but spaces and tabs is blank.</summary>
public sealed class LineFraming : Framing
{
    /// <inheritdoc/>
    public override bool HasHeader => false;

    internal override RecordScanner CreateScanner() => new LineScanner();

    private sealed class LineScanner : RecordScanner
    {
        public override long LineFeedsInside => 0;

        public override bool IsOpen => false;

        public override int FindEnd(ReadOnlySpan<byte> input) => input.IndexOf((byte)'\n');

        public override bool IsBlank(ReadOnlySpan<byte> record) => record.IsEmpty || (record[0] <= ' ' && record.Trim(" \t"u8).IsEmpty);

        public override void Reset()
        {
        }
    }
}
