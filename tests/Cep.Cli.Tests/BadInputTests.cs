using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Cep.Cli.Tests;

/// <summary>Puts every kind of bad record between good ones: each is set aside with its line and the whole reason, and every good one is matched.</summary>
public sealed class BadInputTests : IDisposable
{
    private const int TenMegabytes = 10_000_000;

    private const string Rules =
        """
        stream readings { sensor string value double count int? ok bool ts timestamp watermark for ts delay 1h }
        rule seen { from readings key sensor match r: readings within 1s }
        """;

    private static readonly (string Record, string Reason)[] BadJson =
    [
        ("not json", "The line is not valid JSON: 'not json' is an invalid JSON literal. Expected the literal 'null' (byte 2)."),
        ("""{"sensor":"s1",""", "The line is not valid JSON: Expected start of a property name or value, but instead reached end of data (byte 15)."),
        ("\0\0\0", "The line is not valid JSON: '0x00' is an invalid start of a value (byte 1)."),
        ("""{"sensor":"s1"} and more""", "There is text after the JSON object (byte 17)."),
        ("""["s1",1.5,true,1000]""", "The line is a JSON array, not an object."),
        ("""{"value":1.5,"ok":true,"ts":1000}""", "The required field `sensor` is missing."),
        ("""{"sensor":null,"value":1.5,"ok":true,"ts":1000}""", "The required field `sensor` is null."),
        ("""{"sensor":7,"value":1.5,"ok":true,"ts":1000}""", "The field `sensor` must be a string, but is the number 7."),
        ("""{"sensor":{},"value":1.5,"ok":true,"ts":1000}""", "The field `sensor` must be a string, but is an object."),
        ("""{"sensor":"s1","value":"high","ok":true,"ts":1000}""", "The field `value` must be a number, but is the string \"high\"."),
        ("""{"sensor":"s1","value":1.5,"count":1.5,"ok":true,"ts":1000}""",
            "The field `count` must be a whole number from -2147483648 to 2147483647, but is the number 1.5."),
        ("""{"sensor":"s1","value":1.5,"count":3000000000,"ok":true,"ts":1000}""",
            "The field `count` must be a whole number from -2147483648 to 2147483647, but is the number 3000000000."),
        ("""{"sensor":"s1","value":1.5,"ok":"yes","ts":1000}""", "The field `ok` must be true or false, but is the string \"yes\"."),
        ("""{"sensor":"s1","value":1.5,"ok":true}""", "The required field `ts` is missing."),
        ("""{"sensor":"s1","value":1.5,"ok":true,"ts":"yesterday"}""",
            "The field `ts` must be a timestamp, ISO-8601 text or epoch milliseconds, but is the string \"yesterday\"."),
        ("""{"sensor":"s1","value":1.5,"ok":true,"ts":"2026-02-30T00:00:00Z"}""",
            "The field `ts` must be a timestamp, ISO-8601 text or epoch milliseconds, but is the string \"2026-02-30T00:00:00Z\"."),
        ("""{"sensor":"s1","value":1.5,"ok":true,"ts":99999999999999999999}""",
            "The field `ts` must be a timestamp, ISO-8601 text or epoch milliseconds, but is the number 99999999999999999999."),
        ("{\"sensor\":\"\xFF\xFE\",\"value\":1.5,\"ok\":true,\"ts\":1000}", "The line is not valid UTF-8 (byte 12)."),
        ("{\"sensor\":\"" + new string('x', TenMegabytes) + "\",\"value\":1.5,\"ok\":true,\"ts\":1000}", "The record is longer than the limit of 8388608 bytes."),
    ];

    private static readonly (string Record, string Reason)[] BadCsv =
    [
        ("s1,1.5,true,", "The record has 4 cells, but the header has 5."),
        ("s1,1.5,true,,1000,more", "The record has 6 cells, but the header has 5."),
        (",1.5,true,,1000", "The required field `sensor` is empty."),
        ("s1,high,true,,1000", "The field `value` must be a number, but is \"high\"."),
        ("s1,1.5,maybe,,1000", "The field `ok` must be true or false, but is \"maybe\"."),
        ("s1,1.5,true,many,1000", "The field `count` must be a whole number from -2147483648 to 2147483647, but is \"many\"."),
        ("s1,1.5,true,,", "The required field `ts` is empty."),
        ("s1,1.5,true,,yesterday", "The field `ts` must be a timestamp, ISO-8601 text or epoch milliseconds, but is \"yesterday\"."),
        ("s1\xC3(,1.5,true,,1000", "The line is not valid UTF-8 (byte 3)."),
        ("\"s1\"x,1.5,true,,1000", "Cell 1 has text after its closing quote."),
        (new string('x', TenMegabytes) + ",1.5,true,,1000", "The record is longer than the limit of 8388608 bytes."),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Bad_lines_of_JSON_are_set_aside_and_the_others_are_matched(int parallelism) =>
        Check("readings.jsonl", "", BadJson, i => $$"""{"sensor":"good{{i}}","value":1.5,"ok":true,"ts":{{i * 1000}}}""", parallelism);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Bad_rows_of_CSV_are_set_aside_and_the_others_are_matched(int parallelism) =>
        Check("readings.csv", "sensor,value,ok,count,ts\n", BadCsv, i => $"good{i},1.5,true,,{i * 1000}", parallelism);

    [Fact]
    public void Rows_are_told_by_the_line_they_begin_on()
    {
        var (_, malformed) = Run(Write("readings.csv", "sensor,value,ok,count,ts\n\"two\nlines\",1.5,true,,1000\n\ns1,x,true,,1000\n\"open,1.5,true,,1000\n"), 1);
        Assert.Equal([(5, "The field `value` must be a number, but is \"x\"."), (6, "The input ends inside a quoted field.")], malformed);
    }

    [Fact]
    public void A_last_line_that_is_cut_off_is_set_aside()
    {
        var (found, malformed) = Run(Write("readings.jsonl", "{\"sensor\":\"s1\",\"value\":1,\"ok\":true,\"ts\":1}\n{\"sensor\":\"s"), 1);
        Assert.Equal(["s1"], found);
        Assert.Equal([(2, "The line is not valid JSON: Expected end of string, but instead reached end of data (byte 13).")], malformed);
    }

    [Theory]
    [InlineData("readings.jsonl", "\xEF\xBB\xBF{\"sensor\":\"s1\",\"value\":1,\"ok\":true,\"ts\":1}\r\n\r\n{\"sensor\":\"s2\",\"value\":1,\"ok\":true,\"ts\":2}\r\n")]
    [InlineData("readings.csv", "\xEF\xBB\xBFsensor,value,ok,ts\r\ns1,1,true,1\r\n\r\ns2,1,true,2\r\n")]
    public void Byte_order_mark_carriage_return_and_blank_line_are_not_bad(string file, string content)
    {
        var (found, malformed) = Run(Write(file, content), 1);
        Assert.Equal(["s1", "s2"], found);
        Assert.Empty(malformed);
    }

    [Fact]
    public void A_header_without_a_required_column_fails_the_run()
    {
        var input = Write("readings.csv", "sensor,value,ts\ns1,1.5,1000\n");
        var result = CepProcess.Run("run", _folder.Write("rules.cep", Rules), "--input", input);
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith($"error: the run failed: source '{input}': line 1: The header lacks the required column `ok`.\n", result.Error);
    }

    private void Check(string file, string header, (string Record, string Reason)[] bad, Func<int, string> good, int parallelism)
    {
        // Every bad record has a good one before it and one behind it.
        var content = new StringBuilder(header);
        for (var i = 0; i < bad.Length; i++) content.Append(good(i)).Append('\n').Append(bad[i].Record).Append('\n');
        content.Append(good(bad.Length)).Append('\n');

        var (found, malformed) = Run(Write(file, content.ToString()), parallelism);

        var firstBad = header.Length > 0 ? 3 : 2;
        Assert.Equal(bad.Select((b, i) => (firstBad + 2 * i, b.Reason)), malformed);
        Assert.Equal(Enumerable.Range(0, bad.Length + 1).Select(i => $"good{i}"), found);
    }

    private (List<string> Found, List<(int Line, string Reason)> Malformed) Run(string input, int parallelism)
    {
        var result = CepProcess.Run(
            "run", _folder.Write("rules.cep", Rules), "--input", input, "--malformed", _folder["malformed"], "--late", _folder["late"], "--parallelism", $"{parallelism}");
        Assert.Equal((0, ""), (result.ExitCode, File.ReadAllText(_folder["late"])));
        var malformed = SampleRun.Parse(_folder["malformed"]).ToList();
        Assert.All(malformed, m => Assert.Equal(input, (string)m["source"]!));
        Assert.All(malformed, m => Assert.InRange(((string)m["text"]!).Length, 1, 1000));
        return (
            result.OutputLines.Select(match => (string)JsonNode.Parse(match)!["key"]![0]!).ToList(),
            malformed.Select(m => ((int)m["line"]!, (string)m["reason"]!)).ToList());
    }

    /// <summary>Writes one byte a character, so that a test can write bytes that are no text.</summary>
    private string Write(string file, string content)
    {
        File.WriteAllBytes(_folder[file], Encoding.Latin1.GetBytes(content));
        return _folder[file];
    }
}
