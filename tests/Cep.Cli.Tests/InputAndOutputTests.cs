using System.IO.Compression;
using System.Text;
using Xunit;

namespace Cep.Cli.Tests;

/// <summary>Whatever way rules and events come in and matches go out, what is found is the same.</summary>
public sealed class InputAndOutputTests : IDisposable
{
    private const string Stream = "stream auths { card string amount decimal ts timestamp watermark for ts delay 1s }\n";

    private const string Rule = "rule pair { from auths key card match a: auths where amount < 2 -> b: auths where amount > 100 within 10s }\n";

    private static readonly string[] Events =
    [
        """{"card":"c1","amount":1,"ts":1000}""",
        """{"card":"c2","amount":1,"ts":2000}""",
        """{"card":"c1","amount":150,"ts":3000}""",
        """{"card":"c2","amount":250,"ts":4000}""",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly string _rules;

    public InputAndOutputTests() => _rules = _folder.Write("rules.cep", Stream + Rule);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Standard_input_needs_no_stream_name_where_there_is_one_stream() => Check(CepProcess.RunWithInput(Bytes(Events), "run", _rules, "--input", "-"));

    [Fact]
    public void A_stream_may_come_in_several_files_of_several_formats()
    {
        var rows = Events.Skip(2).Select((_, i) => $"c{i + 1},{i + 1}50,{(i + 3) * 1000}");
        using (var gzip = new GZipStream(File.Create(_folder["late.csv.gz"]), CompressionLevel.Fastest))
            gzip.Write(Bytes(["card,amount,ts", .. rows]));
        var morning = _folder.Write("morning.jsonl", string.Join('\n', Events.Take(2)));

        Check(CepProcess.Run("run", _rules, "--input", "auths=" + morning, "--input", "auths=" + _folder["late.csv.gz"]));
        Check(CepProcess.Run("run", _rules, "--input", "auths=" + _folder["late.csv.gz"], "auths=" + morning));
    }

    [Fact]
    public void Rules_may_come_as_a_folder_or_as_its_files()
    {
        var folder = Directory.CreateDirectory(_folder["rules"]).FullName;
        File.WriteAllText(Path.Combine(folder, "a-rule.cep"), Rule);
        File.WriteAllText(Path.Combine(folder, "streams.cep"), Stream);
        var events = _folder.Write("auths.jsonl", string.Join('\n', Events));

        Check(CepProcess.Run("run", folder, "--input", events));
        Check(CepProcess.Run("run", Path.Combine(folder, "streams.cep"), Path.Combine(folder, "a-rule.cep"), "--input", events));
    }

    [Fact]
    public void A_file_gets_what_standard_output_would_get()
    {
        var events = _folder.Write("auths.jsonl", string.Join('\n', Events));
        var output = _folder.Write("matches", "what was in the file before\n");

        var printed = CepProcess.Run("run", _rules, "--input", events);
        var written = CepProcess.Run("run", _rules, "--input", events, "--output", output);

        Check(printed);
        Assert.Equal((0, ""), (written.ExitCode, written.Output));
        Assert.Equal(printed.Output, File.ReadAllText(output));
    }

    [Fact]
    public void Without_a_terminal_there_is_no_progress_and_no_colour()
    {
        var result = CepProcess.Run("run", _rules, "--input", _folder.Write("auths.jsonl", string.Join('\n', Events)));

        Check(result);
        Assert.DoesNotContain('\r', result.Error);
        Assert.DoesNotContain('\u001b', result.Error);
        Assert.StartsWith("\nevents ", result.Error);
    }

    private static void Check(ProcessResult result)
    {
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(["c1 1970-01-01T00:00:03Z", "c2 1970-01-01T00:00:04Z"], result.OutputLines.Select(line =>
        {
            var match = System.Text.Json.Nodes.JsonNode.Parse(line)!;
            return $"{match["key"]![0]} {match["end"]}";
        }));
    }

    private static byte[] Bytes(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines));
}
