namespace Cep.Engine.Connectors;

/// <summary>Comma-separated records as RFC 4180 has them: a quoted field may contain line ends; the first record is the header.</summary>
/// <remarks>
/// A quote opens a field only as the field's first byte; elsewhere outside quotes it is an ordinary character, so <c>5" disk</c> is a field.
/// Inside quotes a doubled quote is a quote. A record left open at the end of the input is malformed. An empty line is blank.
/// </remarks>
public sealed class CsvFraming : Framing
{
    private readonly byte _delimiter;

    /// <summary>Frames records whose fields are separated by <paramref name="delimiter"/>.</summary>
    /// <param name="delimiter">One ASCII character; not a quote, CR or LF. Default: a comma.</param>
    /// <exception cref="ArgumentException"><paramref name="delimiter"/> is none of these.</exception>
    public CsvFraming(char delimiter = ',')
    {
        if (!char.IsAscii(delimiter) || delimiter is '"' or '\r' or '\n')
            throw new ArgumentException("The delimiter is one ASCII character, not a quote or a line end.", nameof(delimiter));
        _delimiter = (byte)delimiter;
    }

    /// <inheritdoc/>
    public override bool HasHeader => true;

    internal override RecordScanner CreateScanner() => new CsvScanner(_delimiter);

    private sealed class CsvScanner(byte delimiter) : RecordScanner
    {
        private State _state;
        private byte _previous;
        private long _lineFeeds;

        private enum State
        {
            RecordStart,
            Unquoted,
            Quoted,

            // After a quote inside quotes: a second one is a character, anything else says that the first one closed the field.
            QuoteInQuoted,
        }

        public override long LineFeedsInside => _lineFeeds;

        public override bool IsOpen => _state == State.Quoted;

        public override bool IsBlank(ReadOnlySpan<byte> record) => record.IsEmpty;

        public override void Reset()
        {
            _state = State.RecordStart;
            _lineFeeds = 0;
        }

        public override int FindEnd(ReadOnlySpan<byte> input)
        {
            int at = 0;
            while (at < input.Length)
            {
                switch (_state)
                {
                    case State.RecordStart:
                    case State.QuoteInQuoted:
                        bool isQuote = input[at] == '"';
                        if (isQuote) at++;
                        _state = isQuote ? State.Quoted : State.Unquoted;
                        break;
                    case State.Unquoted:
                        int stop = input[at..].IndexOfAny((byte)'\n', (byte)'"');
                        if (stop < 0)
                        {
                            at = input.Length;
                            break;
                        }

                        at += stop;
                        if (input[at] == '\n') return at;
                        if ((at > 0 ? input[at - 1] : _previous) == delimiter) _state = State.Quoted;
                        at++;
                        break;
                    case State.Quoted:
                        at += SkipQuoted(input[at..]);
                        break;
                }
            }

            if (input.Length > 0) _previous = input[^1];
            return -1;
        }

        private int SkipQuoted(ReadOnlySpan<byte> input)
        {
            int quote = input.IndexOf((byte)'"');
            int length = quote < 0 ? input.Length : quote + 1;
            _lineFeeds += input[..length].Count((byte)'\n');
            if (quote >= 0) _state = State.QuoteInQuoted;
            return length;
        }
    }
}
