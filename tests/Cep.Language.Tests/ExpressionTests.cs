namespace Cep.Language.Tests;

/// <summary>Expressions as the model prints them: with no more parentheses than they need, so what groups how can be read off.</summary>
public class ExpressionTests
{
    [Theory]
    [InlineData("approved or approved and approved", "approved or approved and approved")]
    [InlineData("(approved or approved) and approved", "(approved or approved) and approved")]
    [InlineData("not approved and approved", "not approved and approved")]
    [InlineData("not (approved and approved)", "not (approved and approved)")]
    [InlineData("not tries == 1", "not tries == 1")]
    [InlineData("not not approved", "not not approved")]
    [InlineData("tries + 2 * tries == 7", "tries + 2 * tries == 7")]
    [InlineData("(tries + 2) * tries == 7", "(tries + 2) * tries == 7")]
    [InlineData("tries - 2 - tries == 7", "tries - 2 - tries == 7")]
    [InlineData("tries - (2 - tries) == 7", "tries - (2 - tries) == 7")]
    [InlineData("tries / 2 * tries % 3 == 7", "tries / 2 * tries % 3 == 7")]
    [InlineData("-tries * 2 == 7", "-tries * 2 == 7")]
    [InlineData("-(tries * 2) == 7", "-(tries * 2) == 7")]
    [InlineData("(if approved then 1 else 2) + 1 == 3", "(if approved then 1 else 2) + 1 == 3")]
    [InlineData("if approved then tries == 1 else tries == 2 or approved", "if approved then tries == 1 else tries == 2 or approved")]
    [InlineData("tries between 1 + 1 and 3 and approved", "tries >= 1 + 1 and tries <= 3 and approved")]
    [InlineData("tries not between 1 and 3", "not (tries >= 1 and tries <= 3)")]
    [InlineData("merchant is null or merchant is not null", "merchant is null or merchant is not null")]
    [InlineData("merchant in ('a', \"b\")", "merchant in (\"a\", \"b\")")]
    [InlineData("merchant not in ('a')", "merchant not in (\"a\")")]
    [InlineData("merchant contains 'x' and merchant not like 'a%'", "merchant contains \"x\" and not merchant like \"a%\"")]
    [InlineData("merchant matches '^[a-z]+$'", "merchant matches \"^[a-z]+$\"")]
    [InlineData("lower(trim(merchant)) == 'x'", "lower(trim(merchant)) == \"x\"")]
    public void Operators_group_by_their_precedence(string written, string printed) => Assert.Equal(printed, Compiled.Condition(written));

    [Theory]
    [InlineData("amount > 0.1", "amount > 0.1")]
    [InlineData("0.1 < amount", "0.1 < amount")]
    [InlineData("amount > 1.5 * 2", "amount > 1.5 * 2")]
    [InlineData("1.5 * 2 * amount > 3", "1.5 * 2 * amount > 3")]
    [InlineData("amount in (1, 2.5)", "amount in (1, 2.5)")]
    [InlineData("amount between 1 and 2.5", "amount >= 1 and amount <= 2.5")]
    [InlineData("amount > -0.5", "amount > -0.5")]
    [InlineData("greatest(0.5, amount, 1) > 0", "greatest(0.5, amount, 1) > 0")]
    [InlineData("last(l.amount, 0.5) > 0", "coalesce(l.amount, 0.5) > 0")]
    [InlineData("(if approved then amount else null) > 1e2", "(if approved then amount else null) > 100")]
    [InlineData("coalesce(null, amount, 0) > 1", "coalesce(null, amount, 0) > 1")]
    public void A_literal_beside_a_decimal_is_an_exact_decimal(string written, string printed)
    {
        Assert.Equal(printed, Compiled.Condition(written));
        var literals = Literals(Compiled.Match($"a: auths -> l{{3}}: auths -> c: auths where {written} within 10m").Pattern.EventSteps.Last().Where!)
            .ToList();
        Assert.NotEmpty(literals);
        Assert.All(literals, l => Assert.Equal(Conditions.ValueKind.Decimal, l.Kind));
    }

    [Theory]
    [InlineData("score > 0.1", Conditions.ValueKind.Double)]
    [InlineData("score > 1", Conditions.ValueKind.Double)]
    [InlineData("tries > 0.5", Conditions.ValueKind.Double)]
    [InlineData("tries > 1", Conditions.ValueKind.Long)]
    [InlineData("ts - a.ts > 10s", Conditions.ValueKind.Duration)]
    [InlineData("ts > '2026-01-05T10:00:00Z'", Conditions.ValueKind.Timestamp)]
    [InlineData("'2026-01-05' < ts", Conditions.ValueKind.Timestamp)]
    [InlineData("ts between '2026-01-05' and '2026-01-06'", Conditions.ValueKind.Timestamp)]
    public void A_literal_takes_the_type_of_its_neighbour(string written, Conditions.ValueKind kind)
    {
        var literals = Literals(Compiled.Match($"a: auths -> l{{3}}: auths -> c: auths where {written} within 10m").Pattern.EventSteps.Last().Where!)
            .ToList();
        Assert.NotEmpty(literals);
        Assert.All(literals, l => Assert.Equal(kind, l.Kind));
    }

    [Theory]
    [InlineData("2026-01-05", 1767571200000)]
    [InlineData("2026-01-05T10:00Z", 1767607200000)]
    [InlineData("2026-01-05T10:00:00Z", 1767607200000)]
    [InlineData("2026-01-05T10:00:00", 1767607200000)]
    [InlineData("2026-01-05T10:00:00.250Z", 1767607200250)]
    [InlineData("2026-01-05T12:00:00+02:00", 1767607200000)]
    public void A_time_is_read_as_utc_unless_it_says_otherwise(string text, long ms)
    {
        var where = Compiled.Match($"c: auths where ts == '{text}' within 10m").Pattern.EventSteps.Last().Where!;
        Assert.Equal(ms, Assert.Single(Literals(where)).Value);
    }

    [Theory]
    [InlineData("a.amount == l.amount", "a.amount == l.amount")]
    [InlineData("first(l.amount) < l[1].amount and l[-2].amount < last(l.amount)", "first(l.amount) < l[1].amount and l[-2].amount < l.amount")]
    [InlineData("l[0].amount > 1 and first(l.amount, 5) > 1", "first(l.amount) > 1 and coalesce(first(l.amount), 5) > 1")]
    [InlineData("count(l) > 2 and sum(l.amount) > avg(l.amount)", "count(l) > 2 and sum(l.amount) > avg(l.amount)")]
    [InlineData("min(l.tries) < max(l.tries) and stddev(l.score) > 1", "min(l.tries) < max(l.tries) and stddev(l.score) > 1")]
    [InlineData("distinct(l.merchant) == 2", "distinct(l.merchant) == 2")]
    [InlineData("now() - a.ts < 1h30m", "now() - a.ts < 1h30m")]
    [InlineData("date_diff('day', '2026-01-05', ts) > 3 and hour(ts) < 6", "date_diff(\"day\", \"2026-01-05T00:00:00Z\", ts) > 3 and hour(ts) < 6")]
    [InlineData("round(amount, 2) > 1 and pow(score, 2) > sqrt(score)", "round(amount, 2) > 1 and pow(score, 2) > sqrt(score)")]
    public void Steps_and_functions_are_read_as_the_language_says(string written, string printed) =>
        Assert.Equal(printed, Compiled.Condition(written));

    [Fact]
    public void A_loop_reads_its_own_accepted_events_and_a_group_those_of_earlier_rounds()
    {
        var rule = Compiled.Match("""
            a: auths
            -> ( b: auths where amount > last(c.amount, a.amount)
                 -> c{2,}: auths where amount > c.amount and amount > b.amount )+
            -> d: auths
            within 5m
            """);
        Assert.Equal(["amount > coalesce(c.amount, a.amount)", "amount > c.amount and amount > b.amount"],
            rule.Pattern.EventSteps.Where(s => s.Where is not null).Select(s => s.Where!.ToString()));
    }

    [Fact]
    public void A_field_with_the_name_of_a_keyword_is_read_as_a_field()
    {
        const string text = """
            stream `odd stream` {
                match  int
                not    int
                and    int
                if     int
                within int
                null   int
                skip   bool
                `two words` string?
                watermark timestamp
                watermark for watermark delay 0s
            }
            rule r {
                from  `odd stream` key match where match == 1 and within > 2 and not skip
                match where: `odd stream` where not == 1 and and > 2 and if < 3
                      -> not: `odd stream` where `two words` is null and where.not > where.null and not < 5
                      => next{2}: `odd stream` where match > not.match
                      => not not2: `odd stream`
                      -> not not: `odd stream`
                within 5m
            }
            """;
        var duplicate = RuleCompiler.Compile(new Text.SourceText("odd.cep", text));
        Assert.Equal(["CEP0201"], duplicate.Diagnostics.Select(d => d.Code));
        var rule = Compiled.Rule(text.Replace("-> not not: `odd stream`", "-> not `not 3`: `odd stream`"));
        Assert.Equal(["where", "not", "next", "not2", "not 3"], rule.Pattern.EventSteps.Select(s => s.Name));
        Assert.Equal("`not` == 1 and `and` > 2 and `if` < 3", rule.Pattern.EventSteps.First().Where!.ToString());
    }

    [Fact]
    public void A_condition_of_a_thousand_parts_is_bound()
    {
        var parts = string.Join(" or ", Enumerable.Range(0, 1000).Select(i => $"tries == {i}"));
        Assert.Equal(parts.Length, Compiled.Condition(parts).Replace("(", "").Replace(")", "").Length);
    }

    private static IEnumerable<Conditions.LiteralExpr> Literals(Conditions.Expr e) =>
        e is Conditions.LiteralExpr literal ? [literal] : e.Children.SelectMany(Literals);
}
