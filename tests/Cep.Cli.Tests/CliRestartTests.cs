using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Cep.Cli.Tests;

/// <summary>Runs that fail in the middle of their input until it is mended: a gzip file whose second part cannot be decompressed.</summary>
public sealed partial class CliRestartTests : IDisposable
{
    private const int Events = 20_000;

    // A block of the type that does not exist.
    private const byte NoBlock = 7;
    private const int GzipHeaderBytes = 10;

    private readonly TemporaryFolder _folder = new();
    private readonly string _rules;
    private readonly string _events;
    private readonly long _broken;
    private readonly byte _whole;

    public CliRestartTests()
    {
        _rules = _folder.Write("rules.cep", "stream ticks { k int n int ts timestamp watermark for ts delay 1s } rule pair { from ticks key k match a: ticks -> b: ticks where n > a.n + 30 within 10s }");
        _events = _folder["ticks.jsonl.gz"];
        byte[] first = Zipped(0);
        byte[] second = Zipped(Events / 2);
        (_broken, _whole) = (first.Length + GzipHeaderBytes, second[GzipHeaderBytes]);
        File.WriteAllBytes(_events, [.. first, .. second]);
        Assert.Equal(0, Run("--output", _folder["expected"]).ExitCode);
        Write(NoBlock);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_strategy_the_first_failure_ends_the_run_and_the_same_command_goes_on_once_it_is_mended()
    {
        var failed = Run(With("none"));
        Assert.Equal(3, failed.ExitCode);
        Assert.Contains($"error: the run failed: source '{_events}': line ", failed.Error);
        Assert.DoesNotContain("goes on from its last checkpoint", failed.Error);
        Write(_whole);
        CheckWhole(Run(With("none")));
    }

    [Theory]
    [InlineData("fixed:2,1ms")]
    [InlineData("rate:2,1h,1ms")]
    public void A_failure_that_stays_ends_the_run_after_as_many_restarts_as_were_given(string strategy)
    {
        var result = Run(With(strategy));
        Assert.Equal(3, result.ExitCode);
        Assert.Equal(["0.001", "0.001"], Pauses(result.Error));
        Assert.Contains($"error: the run failed: source '{_events}': line ", result.Error);
        Write(_whole);
        CheckWhole(Run(With(strategy)));
    }

    [Theory]
    [InlineData("fixed:1000000,1ms", 3)]
    [InlineData("rate:1,1ms,5ms", 3)]
    [InlineData("exponential:40ms,100ms", 4)]
    public void A_run_that_fails_goes_on_until_its_input_is_mended_and_writes_everything_once(string strategy, int failures)
    {
        using Process process = CepProcess.Start(["run", .. With(strategy)]);
        var told = new StringBuilder();
        while (Pauses(told.ToString()).Count() < failures) told.Append(process.StandardError.ReadLine() ?? throw new InvalidOperationException($"The run has ended: {told}")).Append('\n');
        Write(_whole);
        CheckWhole(DotnetProcess.ToEnd(process));
        if (strategy.StartsWith("exponential", StringComparison.Ordinal)) CheckDoubled(Pauses(told.ToString()));
        else Assert.Single(Pauses(told.ToString()).Distinct());
    }

    /// <summary>The pauses double up to the longest, each spread by a tenth.</summary>
    private static void CheckDoubled(IEnumerable<string> pauses)
    {
        double[] expected = [0.04, 0.08, 0.1, 0.1];
        foreach ((string pause, double middle) in pauses.Zip(expected))
            Assert.InRange(double.Parse(pause, CultureInfo.InvariantCulture), middle * 0.9 - 0.001, middle * 1.1 + 0.001);
    }

    private static IEnumerable<string> Pauses(string error) =>
        Restarting().Matches(error).Select(m => m.Groups["pause"].Value);

    private static byte[] Zipped(int from)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            foreach (int i in Enumerable.Range(from, Events / 2))
                zip.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"k\":{i % 7},\"n\":{i * 31 % 101},\"ts\":{i * 100L}}}\n")));
        }

        return bytes.ToArray();
    }

    private string[] With(string strategy) => [_rules, "--input", _events, "--output", _folder["out"], "--checkpoint", _folder["state"], "--checkpoint-interval", "1ms", "--restart", strategy];

    private ProcessResult Run(params string[] args) => CepProcess.Run(args[0] == _rules ? ["run", .. args] : ["run", _rules, "--input", _events, .. args]);

    private void Write(byte block)
    {
        using FileStream file = File.OpenWrite(_events);
        file.Position = _broken;
        file.WriteByte(block);
    }

    private void CheckWhole(ProcessResult result)
    {
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(File.ReadAllText(_folder["expected"]), File.ReadAllText(_folder["out"]));
        Assert.Matches(@"events\s+20,000", result.Error);
    }

    [GeneratedRegex(@"the run failed, and goes on from its last checkpoint in (?<pause>[\d.]+) s: ")]
    private static partial Regex Restarting();
}
