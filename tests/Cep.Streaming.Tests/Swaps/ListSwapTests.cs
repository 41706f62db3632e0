using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Swaps;

/// <summary>What it means for a rule that a list has other contents.</summary>
public class ListSwapTests
{
    private static readonly string Rule = "rule r { from s key k where letter not in @skipped match a: s where letter in @first -> b: s where letter == \"B\" within 100ms skip none }\n";

    [Fact]
    public void A_rule_carries_its_partial_matches_where_a_list_of_it_has_other_contents()
    {
        var op = new DrivenOperator(Lists("\"A\"", "\"X\"") + Rule);
        Assert.Equal("", op.Run("C@1, A@2"));
        Assert.Equal("`r` has changed and carries its 1 partial match over.", op.Swap(Lists("\"A\", \"C\"", "\"X\"") + Rule).ToString());
        Assert.Equal("a@2 b@4; a@3 b@4", op.Run("C@3, B@4"));
        op.Run("A@5, C@6");
        Assert.Equal("`r` has changed and carries its 2 partial matches over.", op.Swap(Lists("\"A\", \"C\"", "\"X\", \"B\"") + Rule).ToString());
        Assert.Equal("", op.Run("B@7"));
    }

    [Fact]
    public void A_list_of_another_name_or_order_is_the_same()
    {
        var op = new DrivenOperator(Lists("\"A\", \"C\"", "\"X\"") + Rule);
        op.Run("A@1");
        Assert.Equal("`r` is unchanged and keeps its 1 partial match.", op.Swap(Lists("\"C\", \"A\"", "\"X\"") + Rule).ToString());
        Assert.Equal("`r` is unchanged and keeps its 1 partial match.", op.Swap((Lists("\"C\", \"A\"", "\"X\"") + Rule).Replace("first", "begins", StringComparison.Ordinal)).ToString());
        Assert.Equal("a@1 b@2", op.Run("B@2"));
    }

    [Fact]
    public void A_version_that_is_drained_goes_on_with_the_list_that_it_had()
    {
        var op = new DrivenOperator(Lists("\"A\"", "\"X\"") + Rule);
        op.Run("A@1");
        op.Swap(Compiled.Patterns(Compiled.Letters + Lists("\"A\"", "\"B\"") + Rule), SwapPolicy.Drain);
        Assert.Equal("a@1 b@2", op.Run("B@2"));
        var version = Assert.Single(op.Draining.Versions).Rule;
        var serializer = new Language.RuleTextSerializer();
        Assert.Equal(serializer.Write(version), serializer.Write(serializer.Read(serializer.Write(version), op.Patterns.RuleSet.Streams)));
        Assert.Contains("list skipped of string = (\"X\")", serializer.Write(version), StringComparison.Ordinal);
    }

    private static string Lists(string first, string skipped) => $"list first of string = ({first})\nlist skipped of string = ({skipped})\n";
}
