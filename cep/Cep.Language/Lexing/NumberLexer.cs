using System.Globalization;
using Cep.Language.Diagnostics;
using Cep.Language.Text;

namespace Cep.Language.Lexing;

/// <summary>Reads what begins with a digit: an integer, a number with fraction or exponent, or a duration such as <c>1h30m</c>.</summary>
internal readonly struct NumberLexer(string text, DiagnosticBag diagnostics)
{
    private static readonly (string Unit, long Ms)[] Units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>Stands for a number that was reported as wrong; a value that no later check objects to.</summary>
    private const long Ignored = 1;

    private readonly string _text = text;
    private readonly DiagnosticBag _diagnostics = diagnostics;

    /// <summary>The kind of the number at <paramref name="start"/>, the index after it, and its value if it is an integer or a duration
    /// (milliseconds).</summary>
    public (TokenKind Kind, int End, long Value) Lex(int start)
    {
        var end = Digits(start);
        var kind = TokenKind.Integer;
        if (At(end) == '.' && char.IsAsciiDigit(At(end + 1))) (kind, end) = (TokenKind.Number, Digits(end + 1));
        if (At(end) is 'e' or 'E' && ExponentEnd(end) is var exponentEnd and > 0) (kind, end) = (TokenKind.Number, exponentEnd);
        if (char.IsAsciiLetter(At(end)) || At(end) == '_')
        {
            while (char.IsAsciiLetterOrDigit(At(end)) || At(end) == '_') end++;
            return (TokenKind.Duration, end, Duration(TextSpan.FromBounds(start, end)));
        }
        return (kind, end, kind == TokenKind.Integer ? Integer(start, end) : Finite(start, end));
    }

    private long Integer(int start, int end)
    {
        var digits = _text[start..end];
        if (long.TryParse(digits.Replace("_", ""), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return value;
        _diagnostics.Error(DiagnosticCode.NumberTooLarge, TextSpan.FromBounds(start, end),
            $"The number `{Short(digits)}` is too large; the largest integer is 9223372036854775807.");
        return Ignored;
    }

    private long Finite(int start, int end)
    {
        var digits = _text[start..end];
        if (double.IsInfinity(double.Parse(digits.Replace("_", ""), CultureInfo.InvariantCulture)))
            _diagnostics.Error(DiagnosticCode.NumberTooLarge, TextSpan.FromBounds(start, end), $"The number `{Short(digits)}` is too large.");
        return 0;
    }

    private char At(int index) => index < _text.Length ? _text[index] : '\0';

    private int Digits(int index)
    {
        while (char.IsAsciiDigit(At(index)) || (At(index) == '_' && char.IsAsciiDigit(At(index + 1)))) index++;
        return index;
    }

    private int ExponentEnd(int index)
    {
        var digits = index + (At(index + 1) is '+' or '-' ? 2 : 1);
        if (!char.IsAsciiDigit(At(digits))) return 0;
        var end = Digits(digits);
        return char.IsAsciiLetter(At(end)) ? 0 : end;
    }

    /// <summary>The milliseconds of a duration.</summary>
    private long Duration(TextSpan span)
    {
        var written = _text.Substring(span.Start, span.Length);
        decimal total = 0;
        var smallest = -1;
        for (var at = 0; at < written.Length;)
        {
            var digits = at;
            while (at < written.Length && (char.IsAsciiDigit(written[at]) || written[at] is '_' or '.')) at++;
            var number = written[digits..at];
            var letters = at;
            while (at < written.Length && char.IsAsciiLetter(written[at])) at++;
            var unit = written[letters..at];
            var index = Array.FindIndex(Units, u => u.Unit == unit);
            if (index < 0) return NoUnit(span, number, unit);
            if (number.Contains('.'))
                return Fail(span, $"The duration `{written}` has a fraction; durations are whole numbers of `ms`, `s`, `m`, `h` and `d`.",
                    WithoutFraction(number, index));
            if (index <= smallest)
                return Fail(span, $"The units of the duration `{written}` are out of order; they go from large to small, each once, as in `1h30m`.",
                    null);
            smallest = index;
            if (!long.TryParse(number.Replace("_", ""), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return TooLong(span, written);
            total += (decimal)count * Units[index].Ms;
        }
        // Adding a duration to a time of this millennium must stay within the 64 bits of milliseconds.
        return total <= long.MaxValue / 4 ? (long)total : TooLong(span, written);
    }

    private long NoUnit(TextSpan span, string number, string unit)
    {
        var meant = unit.ToLowerInvariant() switch
        {
            "msec" or "msecs" or "millis" or "milliseconds" or "millisecond" => "ms",
            "sec" or "secs" or "second" or "seconds" => "s",
            "min" or "mins" or "minute" or "minutes" => "m",
            "hr" or "hrs" or "hour" or "hours" => "h",
            "day" or "days" => "d",
            _ => Array.Exists(Units, u => u.Unit == unit.ToLowerInvariant()) ? unit.ToLowerInvariant() : null,
        };
        var found = unit.Length == 0 ? "A unit is missing at the end of this duration" : $"`{Short(unit)}` is not a unit of time";
        return Fail(span, $"{found}; the units are `ms`, `s`, `m`, `h` and `d`.", meant is null ? null : $"did you mean `{number}{meant}`?");
    }

    private static string? WithoutFraction(string number, int unit)
    {
        if (!decimal.TryParse(number.Replace("_", ""), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value > 1_000_000) return null;
        var ms = value * Units[unit].Ms;
        if (ms != decimal.Truncate(ms)) return null;
        var (name, size) = Array.Find(Units, u => ms % u.Ms == 0);
        return $"write `{ms / size:0}{name}`";
    }

    private long TooLong(TextSpan span, string written) => Fail(span, $"The duration `{Short(written)}` is too long.", null);

    private long Fail(TextSpan span, string message, string? help)
    {
        _diagnostics.Error(DiagnosticCode.InvalidDuration, span, message, help);
        return Ignored;
    }

    private static string Short(string written) => written.Length <= 40 ? written : written[..40] + "…";
}
