using System.Buffers.Text;
using System.Globalization;

namespace Cep.SampleData;

/// <summary>A long stream of keyed, typed, priced events, one a millisecond, as JSON lines.</summary>
/// <remarks>
/// Three draws an event: key; type, A with 20 %, B 3 %, C 17 %, D 25 %, E 35 %; price, evenly spread over [0, 100) and written with as many digits as
/// bring the same double back. Lines are formatted as UTF-8 into one buffer, so that writing is never what a benchmark measures.
/// </remarks>
public sealed record BenchmarkStream(long Events, int Keys, long BaseMs, ulong Seed, string Target)
{
    // {"key":2147483647,"type":"A","price":99.99999999999999,"ts":9223372036854775807}\n is below 100 bytes.
    private const int LongestLine = 128;

    /// <summary>The stream that command line arguments ask for; null when they make no sense.</summary>
    public static BenchmarkStream? Parse(ReadOnlySpan<string> args)
    {
        var stream = new BenchmarkStream(Events: 1_000_000, Keys: 10_000, BaseMs: 0, Seed: 42, Target: "");
        while (args is [var option, var text, .. var rest] && option.StartsWith("--", StringComparison.Ordinal))
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return null;
            switch (option)
            {
                case "--events": stream = stream with { Events = value }; break;
                case "--keys" when value is > 0 and <= int.MaxValue: stream = stream with { Keys = (int)value }; break;
                case "--base-ms": stream = stream with { BaseMs = value }; break;
                case "--seed": stream = stream with { Seed = (ulong)value }; break;
                default: return null;
            }

            args = rest;
        }

        return args is [var target] ? stream with { Target = target } : null;
    }

    /// <summary>Writes the stream to its target, a file or <c>-</c> for standard output.</summary>
    public void Write()
    {
        using var output = Target == "-" ? Console.OpenStandardOutput() : File.Create(Target);
        Write(output);
    }

    public void Write(Stream output)
    {
        var random = new SplitMix64(Seed);
        var buffer = new byte[1 << 16];
        var used = 0;
        for (long i = 0; i < Events; i++)
        {
            if (buffer.Length - used < LongestLine)
            {
                output.Write(buffer, 0, used);
                used = 0;
            }

            used += WriteLine(buffer.AsSpan(used), random, BaseMs + i + 1);
        }

        output.Write(buffer, 0, used);
    }

    private int WriteLine(Span<byte> line, SplitMix64 random, long timeMs)
    {
        var used = Append(line, 0, "{\"key\":"u8);
        Utf8Formatter.TryFormat(random.Below(Keys), line[used..], out var written);
        used = Append(line, used + written, ",\"type\":\""u8);
        line[used++] = TypeOf(random.Below(100));
        used = Append(line, used, "\",\"price\":"u8);
        Utf8Formatter.TryFormat(random.Unit() * 100, line[used..], out written);
        used = Append(line, used + written, ",\"ts\":"u8);
        Utf8Formatter.TryFormat(timeMs, line[used..], out written);
        return Append(line, used + written, "}\n"u8);
    }

    private static byte TypeOf(int percentile) => percentile switch
    {
        < 20 => (byte)'A',
        < 23 => (byte)'B',
        < 40 => (byte)'C',
        < 65 => (byte)'D',
        _ => (byte)'E',
    };

    private static int Append(Span<byte> line, int used, ReadOnlySpan<byte> text)
    {
        text.CopyTo(line[used..]);
        return used + text.Length;
    }
}
