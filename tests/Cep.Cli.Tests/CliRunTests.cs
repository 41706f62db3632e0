using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliRunTests : IDisposable
{
    private const string Rules =
        """
        stream auths { card string amount decimal? ts timestamp watermark for ts delay 1s }
        stream notes { card string ts timestamp watermark for ts delay 1s }
        rule pair {
            from auths key card
            match a: auths where amount < 2 -> b: auths where amount > 100 within 10s
            emit alert { sum = a.amount + b.amount }
        }
        """;

    private const string Events =
        """
        {"card":"c1","amount":1.5,"ts":1000}
        {"card":"c2","amount":1,"ts":2000}
        {"card":"c1","amount":150,"ts":3000}
        {"card":"c3","ts":4000}
        not json
        {"card":"c1","amount":1,"ts":1000}
        {"card":"c9","amount":1,"ts":60000}

        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _rules;
    private readonly string _events;

    public CliRunTests() => (_rules, _events) = (_folder.Write("rules.cep", Rules), _folder.Write("auths.jsonl", Events));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Standard_output_has_matches_only_and_standard_error_the_summary()
    {
        var result = CepProcess.Run("run", _rules, "--input", _events);

        Assert.Equal(0, result.ExitCode);
        var match = JsonDocument.Parse(Assert.Single(result.OutputLines)).RootElement;
        Assert.Equal(("pair", 151.5m, "match"), (match.GetProperty("rule").GetString(), match.GetProperty("measures").GetProperty("sum").GetDecimal(), match.GetProperty("kind").GetString()));
        var summary = Words(result.Error);
        Assert.Contains("events 6 in", summary);
        Assert.Contains("late 1 --late FILE keeps them", summary);
        Assert.Contains("malformed 1 --malformed FILE keeps them", summary);
        Assert.Contains("rule matches timeouts unknown", summary);
        Assert.Contains("pair 1 2", summary);
    }

    [Fact]
    public void Each_output_goes_to_its_file()
    {
        var result = CepProcess.Run(
            "run", _rules, "--input", _events, "--output", _folder["m"], "--timeouts", _folder["t"], "--late", _folder["l"], "--malformed", _folder["x"], "--metrics");

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Single(File.ReadLines(_folder["m"]));
        Assert.Equal(["c2", "c9"], File.ReadLines(_folder["t"]).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("key")[0].GetString()));
        Assert.Contains("\"event\":{\"card\":\"c1\"", Assert.Single(File.ReadLines(_folder["l"])));
        Assert.Contains("\"line\":5,", Assert.Single(File.ReadLines(_folder["x"])));
        Assert.Contains("errors matches timeouts alive dropped", Words(result.Error));
    }

    [Fact]
    public void Rule_that_fails_is_told_in_the_summary_by_the_exit_code_and_in_its_file()
    {
        var rules = _folder.Write("limited.cep", File.ReadAllText(_rules).Replace("rule pair {", "rule pair { partials 1 per key on overflow fail"));
        var events = _folder.Write("twice.jsonl", "{\"card\":\"c1\",\"amount\":1,\"ts\":1000}\n{\"card\":\"c1\",\"amount\":1,\"ts\":2000}\n{\"card\":\"c1\",\"amount\":200,\"ts\":3000}\n");
        var result = CepProcess.Run("run", rules, "--input", "auths=" + events, "--errors", _folder["e"]);

        Assert.Equal((4, ""), (result.ExitCode, result.Output));
        Assert.EndsWith("quarantined pair: The key has more than 1 partial matches.\n", result.Error);
        var error = JsonDocument.Parse(Assert.Single(File.ReadLines(_folder["e"]))).RootElement;
        Assert.Equal(("pair", "c1", 1), (error.GetProperty("rule").GetString(), error.GetProperty("key")[0].GetString(), error.GetProperty("event").GetProperty("amount").GetInt32()));
    }

    [Fact]
    public void Standard_input_and_compressed_files_are_read()
    {
        using (var gzip = new GZipStream(File.Create(_folder["more.jsonl.gz"]), CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(Events));

        Assert.Single(CepProcess.RunWithInput(Encoding.UTF8.GetBytes(Events), "run", _rules, "--input", "auths=-").OutputLines);
        Assert.Single(CepProcess.Run("run", _rules, "--input", "auths=" + _folder["more.jsonl.gz"]).OutputLines);
    }

    [Fact]
    public void Lines_may_name_their_streams()
    {
        var lines = Events.Replace("{", "{\"$stream\":\"auths\",").ReplaceLineEndings("\n");

        Assert.Single(CepProcess.RunWithInput(Encoding.UTF8.GetBytes(lines), "run", _rules, "--input", "-").OutputLines);
        Assert.Single(CepProcess.Run("run", _rules, "--input", _folder.Write("all.jsonl", lines)).OutputLines);
    }

    [Fact]
    public void Comma_separated_values_are_read()
    {
        var csv = _folder.Write("auths.csv", "ts,card,amount,more\n1000,c1,1,x\n2000,c1,200,y\n");

        Assert.Single(CepProcess.Run("run", _rules, "--input", csv).OutputLines);
    }

    [Fact]
    public void Wrong_rules_do_not_run()
    {
        var result = CepProcess.Run("run", _folder.Write("wrong.cep", "rule"), "--input", _events, "--output", _folder["m"]);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.False(File.Exists(_folder["m"]));
    }

    [Theory]
    [InlineData("error: There is no file `nothing.jsonl`.\n", "--input", "nothing.jsonl")]
    [InlineData("error: --parallelism is a number from 1 to 128, not `129`.\n", "--input", "-", "--parallelism", "129")]
    [InlineData("error: There is no stream `auth`; did you mean `auths`?\n", "--input", "auth=-")]
    [InlineData("error: There is no option `--outptu`; did you mean `--output`?\n", "--input", "-", "--outptu", "x")]
    public void A_wrong_call_runs_nothing(string expected, params string[] args)
    {
        var result = CepProcess.Run(["run", _rules, .. args]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith(expected, result.Error);
    }

    [Fact]
    public void A_rule_without_input_is_warned_of_and_the_others_run()
    {
        var rules = _folder.Write("two.cep", Rules + "rule noted { from notes key card match n: notes within 1s }");

        var result = CepProcess.Run("run", rules, "--input", _events);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("warning: No input gives the stream `notes`, which `noted` reads.\n", result.Error);
        Assert.Single(result.OutputLines);
    }

    [Fact]
    public void Corrupt_input_fails_the_run_and_says_where()
    {
        var whole = new MemoryStream();
        using (var gzip = new GZipStream(whole, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{{\"card\":\"{i * 7919 % 5003}\",\"ts\":{i}}}\n"))));
        var path = _folder["auths.jsonl.gz"];
        File.WriteAllBytes(path, whole.ToArray()[..((int)whole.Length / 2)]);

        var result = CepProcess.Run("run", _rules, "--input", path);

        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith($"error: the run failed: source '{path}': line ", result.Error);
    }

    [Fact]
    public void The_same_lines_come_out_at_any_parallelism()
    {
        var events = string.Concat(Enumerable.Range(0, 4_000).Select(i => $"{{\"card\":\"c{i % 37}\",\"amount\":{(i % 5 == 0 ? 200 : 1)},\"ts\":{i * 100}}}\n"));
        var path = _folder.Write("auths.jsonl", events);

        var one = CepProcess.Run("run", _rules, "--input", path);
        var four = CepProcess.Run("run", _rules, "--input", path, "--parallelism", "4");

        Assert.NotEmpty(one.OutputLines);
        Assert.Equal(one.Output, four.Output);
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
