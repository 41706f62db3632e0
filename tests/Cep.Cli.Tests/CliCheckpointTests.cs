using System.Text.RegularExpressions;
using Cep.Engine.Checkpoints;
using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliCheckpointTests : IDisposable
{
    private const string Rules =
        """
        stream auths { card string amount decimal ts timestamp watermark for ts delay 1s }
        rule pair { from auths key card match a: auths where amount < 2 -> b: auths where amount > 100 within 10s }
        """;

    private const string Events =
        """
        {"card":"c1","amount":1.5,"ts":1000}
        {"card":"c2","amount":1,"ts":2000}
        {"card":"c1","amount":150,"ts":3000}

        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _rules;
    private readonly string _events;

    public CliCheckpointTests() => (_rules, _events) = (_folder.Write("rules.cep", Rules), _folder.Write("auths.jsonl", Events));

    public void Dispose() => _folder.Dispose();

    private ProcessResult Run(params string[] more) =>
        CepProcess.Run(["run", _rules, "--input", _events, "--output", _folder["out"], "--checkpoint", _folder["state"], .. more]);

    private static void CheckRefused(ProcessResult result, string problem) =>
        Assert.Equal((2, "", $"error: {problem}"), (result.ExitCode, result.Output, result.Error.Split('\n')[0]));

    [Fact]
    public void A_run_that_was_done_has_nothing_left_to_do_and_tells_the_same_counts()
    {
        var (first, second) = (Run(), Run());

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Matches(@"^nothing is left to do: checkpoint \d+ of [\d: -]+ holds all of the input, 3 events read\n", second.Error);
        Assert.Matches(@"events\s+3\s+all of them before", second.Error);
        Assert.Matches(@"pair\s+1\s+1", second.Error);
        Assert.Single(File.ReadLines(_folder["out"]));
        Assert.False(File.Exists(_folder["out.staged"]));
    }

    [Fact]
    public void Standard_output_is_written_again_after_a_crash_and_that_is_said_once()
    {
        var result = CepProcess.Run("run", _rules, "--input", _events, "--checkpoint", _folder["state"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.OutputLines);
        Assert.Single(Regex.Matches(result.Error, "cannot be taken back"));
    }

    [Fact]
    public void Standard_input_is_refused_with_the_reason() => CheckRefused(
        CepProcess.Run("run", _rules, "--input", "-", "--checkpoint", _folder["state"]),
        "Standard input, `-`, cannot be read a second time, and after a crash a run with --checkpoint reads on from the middle of its input: write it to a file first.");

    [Fact]
    public void A_folder_in_use_is_refused()
    {
        using var other = FolderCheckpointStore.Open(_folder["state"]);

        CheckRefused(Run(), $"The checkpoint folder {_folder["state"]} is in use by another job. Give each job a folder of its own.");
    }

    [Theory]
    [InlineData("--from", "sp")]
    [InlineData("--checkpoint-interval", "1s")]
    [InlineData("--restart", "fixed:1,1s")]
    public void What_needs_checkpoints_says_so(string option, string value) =>
        CheckRefused(CepProcess.Run("run", _rules, "--input", _events, option, value), $"{option} needs --checkpoint DIR.");

    [Theory]
    [InlineData("--checkpoint-interval", "fast", "--checkpoint-interval is a span of time such as 500ms, 10s or 1m, at most 24d, not `fast`.")]
    [InlineData("--checkpoint-interval", "0s", "--checkpoint-interval is a span of time such as 500ms, 10s or 1m, at most 24d, not `0s`.")]
    [InlineData("--restart", "fixed:3", "--restart is `none`, `fixed:TIMES,PAUSE`, `exponential:FIRST,MOST` or `rate:FAILURES,INTERVAL,PAUSE`, such as `fixed:3,10s`, not `fixed:3`.")]
    [InlineData("--restart", "rate:0,1h,1s", "--restart is `none`, `fixed:TIMES,PAUSE`, `exponential:FIRST,MOST` or `rate:FAILURES,INTERVAL,PAUSE`, such as `fixed:3,10s`, not `rate:0,1h,1s`.")]
    public void A_value_that_makes_no_sense_is_refused(string option, string value, string problem) => CheckRefused(Run(option, value), problem);

    [Fact]
    public void An_input_of_the_checkpoint_must_be_given_again()
    {
        Run();
        var other = _folder.Write("other.jsonl", Events);
        var result = CepProcess.Run("run", _rules, "--input", other, "--output", _folder["out"], "--checkpoint", _folder["state"]);

        Assert.Matches(
            $"^error: `{_events}` is not among the inputs, but checkpoint \\d+ of [\\d: -]+ was taken of it: give the inputs as they were given then, or another folder to --checkpoint to begin anew.\n",
            result.Error);
        Assert.Equal(2, result.ExitCode);
    }

    [Fact]
    public void An_input_that_was_cut_is_refused()
    {
        Run();
        File.WriteAllText(_events, Events[..40]);
        var result = Run();

        Assert.Matches($"^error: `{_events}` has 40 bytes, but {Events.Length} of it were read when checkpoint \\d+ of [\\d: -]+ was taken: it was cut or replaced since.\n", result.Error);
        Assert.Equal(2, result.ExitCode);
    }

    [Fact]
    public void An_input_that_has_grown_since_its_end_is_told()
    {
        Run();
        File.AppendAllText(_events, "{\"card\":\"c3\",\"amount\":1,\"ts\":9000}\n");
        var result = Run();

        Assert.StartsWith($"warning: `{_events}` was read to its end, and has grown by 35 bytes since: they are not read. Give what is new as a file of its own.\n", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void An_output_that_was_moved_away_begins_anew_and_one_that_was_cut_is_refused()
    {
        Run();
        File.Delete(_folder["out"]);
        Assert.Equal(0, Run().ExitCode);
        Assert.Empty(File.ReadAllText(_folder["out"]));

        File.Delete(_folder["out"]);
        Directory.Delete(_folder["state"], recursive: true);
        Run();
        File.WriteAllText(_folder["out"], "cut");
        var result = Run();

        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"error: the run failed: sink '{_folder["out"]}': '{_folder["out"]}' has 3 bytes, but the checkpoint was taken when ", result.Error);
        Assert.Matches(@"The same command goes on from checkpoint \d+ of", result.Error);
    }

    [Fact]
    public void A_damaged_checkpoint_is_told_and_the_one_before_is_used()
    {
        Run();
        Run();
        var newest = Directory.GetDirectories(_folder["state"], "chk-*").MaxBy(f => int.Parse(Path.GetFileName(f)[4..]))!;
        File.WriteAllText(Path.Combine(newest, "manifest.json"), "{}");
        var result = Run();

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith($"warning: a checkpoint cannot be used, the one before it is tried: The snapshot file {Path.GetFileName(newest)}/manifest.json is damaged: ", result.Error);
        Assert.Contains("nothing is left to do: checkpoint ", result.Error);
    }

    [Fact]
    public void A_folder_without_a_whole_checkpoint_ends_the_run()
    {
        Run();
        foreach (var manifest in Directory.GetFiles(_folder["state"], "manifest.json", SearchOption.AllDirectories))
            File.WriteAllText(manifest, "{}");
        var result = Run();

        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith("error: the run failed: No checkpoint is whole, so the job cannot go on from where it stood. The snapshot file chk-", result.Error);
    }

    [Fact]
    public void A_savepoint_that_is_none_is_refused()
    {
        Run();
        var state = _folder["state"];

        CheckRefused(
            CepProcess.Run("run", _rules, "--input", _events, "--checkpoint", _folder["b"], "--from", state),
            $"`{state}` is a checkpoint folder, and --from takes a savepoint: give it to --checkpoint to go on from it, or make a savepoint of the run with `cep savepoint`.");
        CheckRefused(CepProcess.Run("run", _rules, "--input", _events, "--checkpoint", _folder["b"], "--from", _folder["none"]), $"There is no folder {_folder["none"]}.");
    }
}
