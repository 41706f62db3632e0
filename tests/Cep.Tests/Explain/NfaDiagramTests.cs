using System.Text.RegularExpressions;
using Cep.Conditions;
using Cep.Explain;
using Cep.Patterns;
using Cep.Rules;
using Xunit;
using static Cep.Tests.Explain.ExplainRules;

namespace Cep.Tests.Explain;

public sealed partial class NfaDiagramTests
{
    private static readonly RuleInput[] OrdersAndShipments =
    [
        new(Orders, [Field(Orders, "order_id")], null), new(Shipments, [Field(Shipments, "order_ref")], null),
    ];

    private static void Check(Rule rule, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n") + "\n", RuleExplanation.Of(rule).Mermaid);

    [Fact]
    public void Each_transition_has_its_arrow_and_its_guard_in_rule_text() => Check(
        Rule(
            Step("probe", where: Amount(BinaryOperator.Less, 2.00m)) with { Quantifier = Times(1, null) },
            Step("hit", where: Amount(BinaryOperator.Greater, 200))),
        """
        flowchart LR
            s0(["probe"])
            s1["probe 2"]
            s2["hit"]
            s3["probe 3"]
            s4((("match")))
            s0 -->|"take: amount #lt; 2.00"| s1
            s0 -.->|"ignore: otherwise"| s0
            s1 ==>|"proceed"| s2
            s1 -->|"take: amount #lt; 2.00"| s1
            s1 -.->|"ignore: otherwise"| s3
            s2 -->|"take: amount #gt; 200<br/>and not amount #lt; 2.00"| s4
            s2 -.->|"ignore: not amount #gt; 200<br/>and not amount #lt; 2.00"| s2
            s3 -->|"take: amount #lt; 2.00"| s1
            s3 -.->|"ignore: otherwise"| s3
        """);

    [Fact]
    public void A_final_absence_is_matched_by_its_deadline_and_streams_are_named_where_there_are_several() => Check(
        Rule(
            new Pattern { Steps = [Step("o", Orders, Text("status", "paid", Orders)), Not("s", Shipments)], WithinMs = 1000 },
            OrdersAndShipments),
        """
        flowchart LR
            s0(["o"])
            s1{{"no s until the deadline"}}
            s2[/"s came: dropped"\]
            s3((("match")))
            s0 -->|"take: orders where status == #quot;paid#quot;"| s1
            s0 -.->|"ignore: otherwise"| s0
            s1 ==>|"proceed: shipments"| s2
            s1 -.->|"ignore: not shipments"| s1
            s1 ==>|"when the deadline passes"| s3
        """);

    [Fact]
    public void An_event_of_one_stream_is_not_said_to_be_none_of_another() => Check(
        Rule(new Pattern { Steps = [Step("o", Orders), Not("n", Shipments), Step("p", Orders, Text("status", "paid", Orders))], WithinMs = 1000 }, OrdersAndShipments),
        """
        flowchart LR
            s0(["o"])
            s1["p"]
            s2((("match")))
            s3[/"n came: dropped"\]
            s0 -->|"take: orders"| s1
            s0 -.->|"ignore: otherwise"| s0
            s1 -->|"take: orders where status == #quot;paid#quot;"| s2
            s1 -.->|"ignore: otherwise"| s1
            s1 ==>|"proceed: shipments"| s3
        """);

    [Fact]
    public void Long_conditions_are_cut_between_words()
    {
        var where = Enumerable.Range(1, 9).Select(i => Amount(BinaryOperator.NotEqual, i)).Aggregate((a, b) => ExprFactory.And(a, b)!);

        Assert.Contains("take: amount != 1 and amount != 2 and amount != 3 …\"", RuleExplanation.Of(Rule(Step("a", where: where))).Mermaid);
    }

    [Theory]
    [InlineData("a\"b")]
    [InlineData("`c` [d] {e} (f) |g| <h> #i; &amp; \\ *j* ~ ^ $ @ ?")]
    [InlineData("end\ngraph TD")]
    public void Whatever_a_text_holds_the_label_stays_one_quoted_text(string value)
    {
        var mermaid = RuleExplanation.Of(Rule(Step("a", where: Text("status", value, Auths)))).Mermaid!;

        Assert.All(mermaid.TrimEnd('\n').Split('\n').Skip(1), line => Assert.Matches(Line(), line));
    }

    [Fact]
    public void A_graph_that_Mermaid_would_refuse_is_left_out()
    {
        var explanation = RuleExplanation.Of(Rule(Step("a", where: Amount(BinaryOperator.Less, 2)) with { Quantifier = Times(300, 300, isGreedy: false) }));

        Assert.Null(explanation.Mermaid);
        Assert.Equal(301, explanation.StateCount);
    }

    /// <summary>A state or a transition, in whose labels nothing stands that Mermaid could read as more than text.</summary>
    [GeneratedRegex("""^    s\d+(\(\["([^"#<>`\[\]{}|\\&*]|#\w+;|<br/>)*"\]\)|\(\(\("([^"#<>`\[\]{}|\\&*]|#\w+;|<br/>)*"\)\)\)| (-->|-\.->|==>)\|"([^"#<>`\[\]{}|\\&*]|#\w+;|<br/>)*"\| s\d+)$""")]
    private static partial Regex Line();
}
