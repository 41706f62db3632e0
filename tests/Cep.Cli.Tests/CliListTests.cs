using Cep.Cli.Run;
using Cep.Cli.State;
using Cep.Language.Text;
using Xunit;

namespace Cep.Cli.Tests;

/// <summary>Lists in files beside the rules, and <c>unless</c>, as the tool shows them.</summary>
public sealed class CliListTests : IDisposable
{
    private const string Rules =
        """
        stream orders { id string status string shop string? ts timestamp watermark for ts delay 1s }
        list known of string from "known.txt"
        rule unpaid {
            from orders key id where shop in @known
            match o: orders where status == "ordered" -> p: orders where status == "paid" within 1h
            unless orders where status == "cancelled" and shop is not null
        }
        """;

    private const string Orders =
        """
        {"id":"a","status":"ordered","shop":"x","ts":"2026-03-02T10:00:00Z"}
        {"id":"b","status":"ordered","shop":"z","ts":"2026-03-02T10:01:00Z"}
        {"id":"a","status":"cancelled","shop":"x","ts":"2026-03-02T10:02:00Z"}
        {"id":"a","status":"paid","shop":"x","ts":"2026-03-02T10:03:00Z"}
        {"id":"c","status":"ordered","shop":"y","ts":"2026-03-02T10:04:00Z"}
        {"id":"c","status":"paid","shop":"y","ts":"2026-03-02T10:05:00Z"}

        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _rules;
    private readonly string _orders;

    public CliListTests()
    {
        (_rules, _orders) = (_folder.Write("rules.cep", Rules), _folder.Write("orders.jsonl", Orders));
        _folder.Write("known.txt", "# shops\nx\ny\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_reads_the_list_beside_its_rules_and_tells_what_was_called_off()
    {
        var result = CepProcess.Run("run", _rules, "--input", _orders);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("c", System.Text.Json.JsonDocument.Parse(Assert.Single(result.Output.TrimEnd().Split('\n'))).RootElement.GetProperty("key")[0].GetString());
        Assert.Contains("cancelled partials", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_is_not_there_is_an_error_of_the_rules()
    {
        File.Delete(_folder["known.txt"]);
        var result = CepProcess.Run("check", _rules);
        Assert.Equal(ExitCode.RuleErrors, result.ExitCode);
        Assert.Contains("rules.cep:2:27: error CEP0705: There is no file `known.txt`, from which the list `known` is to be read.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_in_words_says_what_its_list_holds_and_what_calls_it_off() => Assert.Contains(
        "Of `orders` only events where shop in @known are looked at; the others are as if they had not come. "
        + "An event of `orders` where status == \"cancelled\" and shop is not null drops the partial matches of its key. The list `known` holds 2 texts.",
        CepProcess.Run("explain", _rules).Output, StringComparison.Ordinal);

    [Fact]
    public void What_was_called_off_is_answered_with_the_event_that_did_it() => Assert.Equal(
        """
        unpaid did not match for id a.
        The furthest partial match took 1 of the 2 events it needs, and was called off at 2026-03-02T10:02:00Z by `unless`: an event of orders came on which it holds (orders#3).
        It waited for p, and no event of that stream came meanwhile but those it took.

        The furthest partial match
          o  orders#1  2026-03-02T10:00:00Z      status == "ordered" ["ordered" == "ordered"]

        Ended by orders
          orders#3  2026-03-02T10:02:00Z
            yes  status == "cancelled" ["cancelled" == "cancelled"]
            yes  shop is not null ["x"]

        Events of the key
          3 events of the 6 read, 3 offered to the pattern

        """.ReplaceLineEndings("\n"),
        CepProcess.Run("why", _rules, "--rule", "unpaid", "--key", "a", "--input", _orders).Output);

    [Fact]
    public void What_a_list_kept_from_the_pattern_is_told_with_the_value() => Assert.Contains(
        "    no   shop in @known [\"z\"]", CepProcess.Run("why", _rules, "--rule", "unpaid", "--key", "b", "--input", _orders).Output, StringComparison.Ordinal);

    [Fact]
    public void An_edited_list_is_an_edit_of_the_rules()
    {
        string[] paths = [_rules];
        var folder = new RuleFolder(paths, RuleFiles.Read(paths));
        Assert.Null(folder.Look(out _));
        Assert.Null(folder.Look(out _));
        _folder.Write("known.txt", "x\n");
        Assert.Null(folder.Look(out _));
        Assert.Equal([Rules], folder.Look(out _)!.Select(f => f.Text));
        Assert.Null(folder.Look(out _));
    }

    [Fact]
    public void Rules_that_are_kept_with_a_checkpoint_have_their_lists_in_them() => Assert.Equal(
        Rules.Replace("from \"known.txt\"", "= (\"x\", \"y\")", StringComparison.Ordinal),
        Assert.Single(StoredRules.Of([new SourceText(_rules, Rules)]).Values));
}
