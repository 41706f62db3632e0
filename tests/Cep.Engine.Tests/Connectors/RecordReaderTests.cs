using System.Text;
using Cep.Engine.Connectors;
using Cep.Engine.Tests.Support;
using Xunit;

namespace Cep.Engine.Tests.Connectors;

public class RecordReaderTests
{
    private static readonly LineFraming Lines = new();
    private static readonly CsvFraming Csv = new();

    public static TheoryData<string, string[]> LineInputs => new()
    {
        { "", [] },
        { "a", ["1:a"] },
        { "a\n", ["1:a"] },
        { "a\nbc\n", ["1:a", "2:bc"] },
        { "a\r\nbc\r\nd", ["1:a", "2:bc", "3:d"] },
        { "\n\n a\n \t\r\n\r\nb", ["3: a", "6:b"] },
        { "a\rb\n\"c\nd\"\n", ["1:a\rb", "2:\"c", "3:d\""] },
        { "\uFEFFa\n\uFEFFb\n", ["1:a", "2:\uFEFFb"] },
        { "\uFEFF", [] },
        { "\uFEFF\n\n", [] },
        { "ü\n😀\n", ["1:ü", "2:😀"] },
        { "\0\n", ["1:\0"] },
    };

    public static TheoryData<string, string[]> CsvInputs => new()
    {
        { "", [] },
        { "a,b", ["1:a,b"] },
        { "a,b\r\n1,2\r\n", ["1:a,b", "2:1,2"] },
        { "a\n\n\r\nb\n", ["1:a", "4:b"] },
        { "a,\"x\ny\"\nb\n", ["1:a,\"x\ny\"", "3:b"] },
        { "\"x\r\n\r\ny\",2\r\nb\n", ["1:\"x\r\n\r\ny\",2", "4:b"] },
        { "\"a \"\"q\"\"\n z\"\nb\n", ["1:\"a \"\"q\"\"\n z\"", "3:b"] },
        { "\"\"\nb\n", ["1:\"\"", "2:b"] },
        { "\"\",\"\n\"\nb\n", ["1:\"\",\"\n\"", "3:b"] },
        { "\"\"\"\n\"\"\"\nb\n", ["1:\"\"\"\n\"\"\"", "3:b"] },
        { "5\" disk,2\nb\n", ["1:5\" disk,2", "2:b"] },
        { "\"a\"x\",1\nb\n", ["1:\"a\"x\",1", "2:b"] },
        { "\uFEFF\"a\nb\",c\n", ["1:\"a\nb\",c"] },
        { "a,\"b\nc", ["1!The input ends inside a quoted field.!a,\"b\nc"] },
        { "a\n\"b\"", ["1:a", "2:\"b\""] },
        { "  \nb\n", ["1:  ", "2:b"] },
    };

    [Theory]
    [MemberData(nameof(LineInputs))]
    public void Lines_are_found_wherever_the_input_is_cut(string input, string[] expected) => CheckAllCuts(Lines, input, expected);

    [Theory]
    [MemberData(nameof(CsvInputs))]
    public void Csv_records_are_found_wherever_the_input_is_cut(string input, string[] expected) => CheckAllCuts(Csv, input, expected);

    [Theory]
    [InlineData("12345678\n123456789\nab\n", new[] { "1:12345678", "2!The record is longer than the limit of 8 bytes.!123456789", "3:ab" })]
    [InlineData("1234567890123", new[] { "1!The record is longer than the limit of 8 bytes.!*" })]
    [InlineData("123456789012345678901234567890\r\nab", new[] { "1!The record is longer than the limit of 8 bytes.!*", "2:ab" })]
    public void A_record_over_the_limit_is_passed_over_and_the_rest_goes_on(string input, string[] expected) =>
        CheckAllCuts(Lines, input, expected, maxRecordBytes: 8);

    [Fact]
    public void A_csv_record_over_the_limit_ends_where_its_quotes_say() => CheckAllCuts(
        Csv,
        "a,b\n\"1\n2\n3\n4\n5\n6\n7\",x\nc,d\n",
        ["1:a,b", "2!The record is longer than the limit of 8 bytes.!*", "9:c,d"],
        maxRecordBytes: 8);

    [Fact]
    public void Another_delimiter_opens_fields_too() => CheckAllCuts(new CsvFraming(';'), "a;\"x\n\"\n,\"y\n", ["1:a;\"x\n\"", "3:,\"y"]);

    [Theory]
    [InlineData('"')]
    [InlineData('\n')]
    [InlineData('\r')]
    [InlineData('é')]
    public void A_delimiter_is_an_ascii_character_that_means_nothing_else(char delimiter) =>
        Assert.Throws<ArgumentException>(() => new CsvFraming(delimiter));

    [Fact]
    public void A_line_far_over_the_limit_is_never_held_in_memory()
    {
        const int limit = 1000;
        byte[] chunk = new byte[64 * 1024];
        Array.Fill(chunk, (byte)'x');
        var pieces = Enumerable.Repeat(chunk, 1000).Append("\nab\n"u8.ToArray()).ToArray();
        using var stream = new PiecewiseStream(pieces);
        long before = GC.GetAllocatedBytesForCurrentThread();
        List<string> found = Read(stream, Lines, limit);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000, "64 MB went through a buffer far smaller.");
        Assert.Equal("2:ab", found[1]);
    }

    [Fact]
    public void Records_much_longer_than_the_first_buffer_come_whole()
    {
        string text = string.Join('\n', Enumerable.Range(1, 12).Select(i => new string((char)('a' + i), 50_000 * i)));
        using var stream = PiecewiseStream.Cut(Encoding.UTF8.GetBytes(text), 10_007);
        Assert.Equal(text.Split('\n').Select((line, i) => $"{i + 1}:{line}"), Read(stream, Lines, 8 << 20));
    }

    private static void CheckAllCuts(Framing framing, string input, string[] expected, int maxRecordBytes = 1000)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(input);
        for (int size = 1; size <= bytes.Length; size++) Check(PiecewiseStream.Cut(bytes, size));
        for (int at = 0; at <= bytes.Length; at++) Check(new PiecewiseStream(bytes[..at], bytes[at..]));

        void Check(Stream stream)
        {
            Assert.Equal(expected, Read(stream, framing, maxRecordBytes).Select((item, i) => i < expected.Length ? Like(expected[i], item) : item));
        }
    }

    // How much of a record that is too long was at hand when it was given up depends on the cut; "*" stands for that.
    private static string Like(string expected, string found) =>
        expected.EndsWith('*') && found.StartsWith(expected[..^1], StringComparison.Ordinal) ? expected : found;

    private static List<string> Read(Stream stream, Framing framing, int maxRecordBytes)
    {
        var found = new List<string>();
        var reader = new RecordReader(stream, framing, maxRecordBytes);
        while (true)
        {
            FrameStatus status = reader.TryNext(out ReadOnlySpan<byte> record);
            if (status == FrameStatus.End) return found;
            if (status == FrameStatus.NeedInput) reader.Fill();
            if (status == FrameStatus.Record) found.Add($"{reader.Line}:{Encoding.UTF8.GetString(record)}");
            if (status == FrameStatus.Malformed) found.Add($"{reader.Line}!{reader.Reason}!{Encoding.UTF8.GetString(record)}");
        }
    }
}
