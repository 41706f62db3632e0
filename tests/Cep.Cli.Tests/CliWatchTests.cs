using System.Diagnostics;
using Xunit;

namespace Cep.Cli.Tests;

/// <summary>Rules that are edited while a run waits for more events, on a pipe.</summary>
public sealed class CliWatchTests : IDisposable
{
    private const string Stream = "stream auths { card string amount decimal ts timestamp watermark for ts delay 0s }\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Pair(int over) => $"{Stream}rule pair {{ from auths key card match a: auths where amount < 2 -> b: auths where amount > {over} within 1h }}";

    [Fact]
    public void An_edited_rule_takes_over_and_carries_its_partial_matches()
    {
        using var run = new WatchedRun(_folder.Write("rules.cep", Pair(100)));
        _folder.Write("rules.cep", Pair(30));
        Assert.Equal(["New rules for events after 1970-01-01 00:00:01.999:", "  `pair` has changed and carries its 1 partial match over."], run.ErrorLines(2));

        run.Send("""{"card":"c","amount":40,"ts":3000}""");
        Assert.Contains("\"amount\":40", run.End().Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_edited_rule_takes_over_while_its_partial_matches_are_drained()
    {
        using var run = new WatchedRun(_folder.Write("rules.cep", Pair(100)), "--on-change", "drain");
        _folder.Write("rules.cep", Pair(30));
        Assert.Equal(
            ["New rules for events after 1970-01-01 00:00:01.999:",
                "  `pair` has changed and begins anew; its version before begins nothing more and goes on with its 1 partial match until it ends."], run.ErrorLines(2));

        run.Send(
            """{"card":"c","amount":40,"ts":3000}""", """{"card":"e","amount":1,"ts":3000}""", """{"card":"e","amount":41,"ts":3001}""", """{"card":"c","amount":101,"ts":3002}""");
        Assert.Equal(["\"amount\":41", "\"amount\":101"], run.End().Select(l => l[l.LastIndexOf("\"amount\"", StringComparison.Ordinal)..].Split(',')[0]));
    }

    [Fact]
    public void A_mistake_is_told_and_the_rules_that_run_go_on()
    {
        using var run = new WatchedRun(_folder.Write("rules.cep", Pair(100)));
        _folder.Write("rules.cep", Pair(100).Replace("amount > 100", "amont > 100"));
        Assert.Contains(run.ErrorLinesUpTo("go on"), l => l.Contains("amont", StringComparison.Ordinal));

        run.Send("""{"card":"c","amount":101,"ts":3000}""");
        Assert.Single(run.End());
    }

    [Fact]
    public void What_cannot_take_over_says_why()
    {
        using var run = new WatchedRun(_folder.Write("rules.cep", Pair(100)));
        _folder.Write("rules.cep", Pair(100).Replace("amount decimal", "amount double"));
        Assert.Equal(
            "warning: the rules cannot be put in the place of those that run, which go on: The stream `auths` is declared otherwise now. "
            + "A job that runs cannot change what it reads: stop it with a savepoint, and start it from there with the new rules.",
            run.ErrorLines(1).Single());
        Assert.Empty(run.End());
    }

    [Fact]
    public void A_policy_that_is_none_is_refused()
    {
        var result = CepProcess.Run("run", _folder.Write("rules.cep", Pair(1)), "--input", "-", "--on-change", "forget");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--on-change is carry, reset or drain, not `forget`.", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A run over standard input.</summary>
    private sealed class WatchedRun : IDisposable
    {
        private readonly Process _process;

        /// <summary>Starts it. It has then found a match, remembers a partial match of card c, and its watermark is at 1999 ms.</summary>
        public WatchedRun(string rules, params string[] more)
        {
            _process = CepProcess.Start(["run", rules, "--input", "auths=-", "--watch-rules", .. more]);
            Send(
                """{"card":"x","amount":1,"ts":500}""", """{"card":"c","amount":1,"ts":1000}""",
                """{"card":"x","amount":150,"ts":1500}""", """{"card":"d","amount":50,"ts":2000}""");
            Assert.Contains("\"amount\":150", _process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        }

        public void Send(params string[] lines)
        {
            foreach (var line in lines)
                _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }

        public List<string> ErrorLines(int count) => Enumerable.Range(0, count).Select(_ => _process.StandardError.ReadLine()!).ToList();

        /// <summary>Standard error up to a line that ends so.</summary>
        public List<string> ErrorLinesUpTo(string end)
        {
            var lines = new List<string>();
            while (_process.StandardError.ReadLine() is { } line)
            {
                lines.Add(line);
                if (line.EndsWith(end, StringComparison.Ordinal))
                    break;
            }
            return lines;
        }

        /// <returns>The matches from here on.</returns>
        public List<string> End()
        {
            var result = DotnetProcess.ToEnd(_process);
            Assert.True(result.ExitCode == 0, result.Error);
            return result.OutputLines.ToList();
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill();
            _process.Dispose();
        }
    }
}
