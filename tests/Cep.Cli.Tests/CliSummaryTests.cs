using Cep.Cli.Run;
using Cep.Engine.Time;
using Cep.Streaming;
using Spectre.Console;
using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliSummaryTests
{
    private static readonly OutputFiles NoFiles = new(null, null, null, null);

    private static void Check(Action<IAnsiConsole> write, string expected)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = 80;
        console.Profile.Capabilities.Unicode = true;
        write(console);
        var lines = text.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0);
        Assert.Equal(expected.ReplaceLineEndings("\n"), string.Join('\n', lines));
    }

    [Fact]
    public void A_run_without_mishaps_tells_matches_and_timeouts() => Check(
        c => SummaryTable.Write(c, new RunSummary(1_234_567, TimeSpan.FromSeconds(2), 0, 0, [new("card_testing", 12, 1_003), new("b", 0, 0)]), NoFiles),
        """
        events     1,234,567  in 2.00 s: 617,284 events/s
        late               0
        malformed          0
          rule           matches   timeouts
        ─────────────────────────────────────
          card_testing        12      1,003
          b                    0          0
        """);

    [Fact]
    public void Mishaps_have_columns_of_their_own_and_what_was_put_aside_can_be_found() => Check(
        c => SummaryTable.Write(
            c,
            new RunSummary(100, TimeSpan.FromSeconds(3725), 3, 2, [new("a", 1, 2, Unknown: 3, Errors: 4, WithoutKey: 5), new("b", 0, 0)]),
            NoFiles with { Malformed = "bad[1].jsonl" }),
        """
        events     100  in 62 min 5 s: 0.03 events/s
        late         3  --late FILE keeps them
        malformed    2  in bad[1].jsonl
          rule   matches   timeouts   unknown   arithmetic errors   without key
        ─────────────────────────────────────────────────────────────────────────
          a            1          2         3                   4             5
          b            0          0         0                   0             0
        """);

    [Fact]
    public void Alerts_that_were_held_back_have_columns_of_their_own() => Check(
        c => SummaryTable.Write(c, new RunSummary(100, TimeSpan.FromSeconds(10), 0, 0, [new("a", 1_200, 2, Suppressed: 1_100, Limited: 5), new("b", 0, 0)]), NoFiles),
        """
        events     100  in 10.00 s: 10 events/s
        late         0
        malformed    0
          rule   matches   timeouts   suppressed   limited
        ────────────────────────────────────────────────────
          a        1,200          2        1,100         5
          b            0          0            0         0
        """);

    [Fact]
    public void A_run_of_no_time_has_no_rate() => Check(
        c => SummaryTable.Write(c, new RunSummary(0, TimeSpan.Zero, 0, 0, [new("a", 0, 0)]), NoFiles),
        """
        events     0  in 0.00 s
        late       0
        malformed  0
          rule   matches   timeouts
        ─────────────────────────────
          a            0          0
        """);

    [Fact]
    public void Metrics_tell_how_the_run_went() => Check(
        c => MetricsTable.Write(c, new RunMetrics([("a.jsonl", 5), ("standard input", 7)], 2_000, Watermark.End, [("a", new RuleCounts())], 64 << 20)),
        """
          metric                            value
        ───────────────────────────────────────────
          events of a.jsonl                     5
          events of standard input              7
          bytes read                        2,000
          watermark                  end of input
          peak memory (MiB)                    64
          rule   events  evaluated  unknown  errors  matches  timeouts  alive  dropped
        ───────────────────────────────────────────────────────────────────────────────
          a           0          0        0       0        0         0      0        0
        """);

    [Theory]
    [InlineData(Watermark.None, "none")]
    [InlineData(1_500, "1970-01-01T00:00:01.500Z")]
    public void A_watermark_short_of_the_end_is_told(long watermarkMs, string expected)
    {
        var text = new StringWriter();
        MetricsTable.Write(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text) }), new RunMetrics([], 0, watermarkMs, [], 0));

        Assert.Contains($" {expected} ", text.ToString());
    }
}
