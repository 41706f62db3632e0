using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliExplainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _rules;

    public CliExplainTests() => _rules = _folder.Write(
        "rules.cep",
        """
        stream auths { card_id string amount decimal ts timestamp watermark for ts delay 5s }
        rule rising {
            title "Twice in a row"
            from auths key card_id
            match a: auths where amount > 5 => b: auths where amount > a.amount within 1m
        }
        rule big { from auths key card_id match a: auths where amount > 99 within 1m }
        """);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_rule_is_told_as_Markdown_with_its_graph()
    {
        var result = CepProcess.Run("explain", _rules, "--rule", "rising");

        Assert.Equal(
            """
            ## rising

            *Twice in a row* (severity medium)

            One event of `auths` where amount > 5 (a), then, as the very next event, one event of `auths` where amount > a.amount (b), all of one card_id, inside 1 minute. After a match, matching goes on past its last event.

            Evaluator: register runs, 3 states.

            Decided by the event alone, so asked once per event whatever the number of partial matches:
            - a: `amount > 5`

            Reads events taken before, so asked of each partial match that waits for it:
            - b: `amount > a.amount`

            ```mermaid
            flowchart LR
                s0(["a"])
                s1["b"]
                s2((("match")))
                s0 -->|"take: amount #gt; 5"| s1
                s0 -.->|"ignore: otherwise"| s0
                s1 -->|"take: amount #gt; a.amount"| s2
            ```

            """.ReplaceLineEndings("\n"),
            result.Output);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public void All_rules_are_told_in_order() =>
        Assert.Equal(["## rising", "## big"], CepProcess.Run("explain", _rules).OutputLines.Where(l => l.StartsWith("## ", StringComparison.Ordinal)));

    [Fact]
    public void The_graph_can_be_had_alone() =>
        Assert.Equal("flowchart LR", CepProcess.Run("explain", _rules, "--rule", "big", "--mermaid-only").OutputLines[0]);

    [Fact]
    public void A_rule_that_is_not_there_is_told_with_the_nearest()
    {
        var result = CepProcess.Run("explain", _rules, "--rule", "risin");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: There is no rule `risin`; did you mean `rising`?\n", result.Error);
    }

    [Fact]
    public void Wrong_rules_are_not_explained()
    {
        var result = CepProcess.Run("explain", _folder.Write("wrong.cep", "rule"));

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.EndsWith("1 error in 1 file\n", result.Error);
    }
}
