using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliStateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _state;

    public CliStateTests()
    {
        _state = _folder["state"];
        var rules = _folder.Write("rules.cep", "stream ticks { n int ts timestamp watermark for ts delay 0s } rule every { from ticks match t: ticks within 1s }");
        var ticks = _folder.Write("ticks.jsonl", "{\"n\":1,\"ts\":1000}\n{\"n\":2,\"ts\":2000}\n");
        CepProcess.Run("run", rules, "--input", ticks, "--output", _folder["out"], "--checkpoint", _state);
    }

    public void Dispose() => _folder.Dispose();

    private static void CheckRefused(string problem, params string[] args)
    {
        var result = CepProcess.Run(["state", "show", .. args]);
        Assert.Equal((2, "", $"error: {problem}\nSee `cep state show --help`.\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void A_page_tells_inputs_and_operators()
    {
        var page = CepProcess.Run("state", "show", _state).Output;

        Assert.StartsWith($"Checkpoint 1 in {_state}, taken at ", page);
        Assert.Contains("Inputs: 2 events read, watermark at the end of input\n", page);
        Assert.Contains($"  {_folder["ticks.jsonl"]}          2 events  read to its end\n", page);
        Assert.Contains("\n  rules  1 subtask, ", page);
        Assert.Contains("\n    pending  events            0 entries", page);
    }

    [Fact]
    public void An_operator_is_shown_with_its_entries()
    {
        var page = CepProcess.Run("state", "show", _state, "--operator", "sources").Output;

        Assert.Contains($"name={_folder["ticks.jsonl"]}  offset=36 line=3 ", page);
        Assert.Contains(" records=2 late=0 malformed=0 ended=true\n", page);
    }

    [Fact]
    public void Rules_and_keys_are_asked_for_by_name()
    {
        Assert.Equal("0 partial matches of every, 0 keys\n", CepProcess.Run("state", "show", _state, "--rule", "every").Output);
        CheckRefused("There is no rule `evry`; did you mean `every`?", _state, "--rule", "evry");
        CheckRefused("`every` has no key: leave out --key.", _state, "--rule", "every", "--key", "1");
        CheckRefused("--key needs --rule NAME: a key is one of a rule.", _state, "--key", "1");
        CheckRefused("There is no state of an operator `rule`; did you mean `rules`?", _state, "--operator", "rule");
    }

    [Fact]
    public void What_is_being_drained_is_named()
    {
        _folder.Write("rules.cep", File.ReadAllText(_folder["rules.cep"]).Replace("1s }", "2s }"));
        var run = CepProcess.Run("run", _folder["rules.cep"], "--input", _folder["ticks.jsonl"], "--output", _folder["out"], "--checkpoint", _state, "--on-change", "drain");
        Assert.Contains("`every` has changed and begins anew; its version before begins nothing more and goes on with its partial matches until they end.", run.Error);
        var page = CepProcess.Run("state", "show", _state).Output;
        Assert.Contains("\n  being drained: `every`, its partial matches in `draining/1/every`\n", page);
        Assert.DoesNotContain("running:", page);
    }

    [Fact]
    public void What_is_no_state_is_refused()
    {
        CheckRefused($"There is no folder `{_folder["none"]}`.", _folder["none"]);
        CheckRefused($"`{_folder["out"]}` is a file; savepoints and checkpoints lie in folders.", _folder["out"]);
        CheckRefused($"There is no savepoint and no complete checkpoint in `{_folder.FullName}`.", _folder.FullName);
    }

    [Fact]
    public void A_damaged_state_is_told()
    {
        File.WriteAllText(Path.Combine(_state, "chk-1", "manifest.json"), "{}");
        var result = CepProcess.Run("state", "show", _state);

        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith("error: No checkpoint is whole, so the job cannot go on from where it stood. The snapshot file chk-1/manifest.json is damaged: ", result.Error);
    }
}
