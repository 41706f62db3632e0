using Cep.Conditions;
using Cep.Differential.Cases;
using Cep.Evaluation.Snapshots;
using Cep.Language;
using Cep.Language.Text;
using Cep.Patterns;

namespace Cep.Differential.Snapshots;

public class PatternFingerprintTests
{
    private const string Match = """match a: Tick where Kind == "a" -> b{2,} until (Price > 9): Tick where Price > avg(b.Price) -> c?: Alarm within 10m skip to last b""";

    /// <summary>Pinned: state is found again by it, so it must not change from version to version.</summary>
    [Fact]
    public void Fingerprint_does_not_change() => Assert.Equal("ecc8457c07cc2d292411f905325b5265", Of(Rule(Match)));

    [Theory]
    [InlineData("title \"Other\" severity high owner \"me\" tags x")]
    [InlineData("/* a comment */ // and another\n")]
    [InlineData("emit alert { n = count(b) }\n")]
    public void What_does_not_change_the_meaning_does_not_change_the_fingerprint(string clause) =>
        Assert.Equal(Of(Rule(Match)), Of(Rule(clause.StartsWith("emit", StringComparison.Ordinal) ? Match + "\n" + clause : clause + "\n" + Match, "renamed")));

    [Fact]
    public void Formatting_does_not_change_the_fingerprint() => Assert.Equal(Of(Rule(Match)), Of(Rule(Match.Replace(" -> ", "\n\t->\n ", StringComparison.Ordinal).Replace("10m", "600s", StringComparison.Ordinal))));

    [Theory]
    [InlineData("a:", "first:")]
    [InlineData("\"a\"", "\"A\"")]
    [InlineData("-> b", "->> b")]
    [InlineData("{2,}", "{3,}")]
    [InlineData("{2,}", "{2,}?")]
    [InlineData("Price > 9", "Price >= 9")]
    [InlineData("avg(", "max(")]
    [InlineData("c?", "c")]
    [InlineData("c?: Alarm", "c?: Tick")]
    [InlineData("10m", "11m")]
    [InlineData("10m", "10m gap")]
    [InlineData("to last b", "to first b")]
    [InlineData("to last b", "past last")]
    [InlineData("b{2,} until", "b{2,} consecutive until")]
    public void What_changes_the_meaning_changes_the_fingerprint(string from, string to)
    {
        Assert.Contains(from, Match, StringComparison.Ordinal);
        Assert.NotEqual(Of(Rule(Match)), Of(Rule(Match.Replace(from, to, StringComparison.Ordinal))));
    }

    [Fact]
    public void Only_fields_that_are_read_count()
    {
        var more = CaseText.Streams.Replace("Volume double?", "Volume double?  Extra string?", StringComparison.Ordinal);
        var other = CaseText.Streams.Replace("Price long", "Price double", StringComparison.Ordinal);
        Assert.Equal(Of(Rule(Match)), Of(Rule(Match, streams: more)));
        Assert.NotEqual(Of(Rule(Match)), Of(Rule(Match, streams: other)));
    }

    [Fact]
    public void Literal_of_another_kind_is_another_condition()
    {
        var step = new EventStep { Name = "a", Stream = Tick.Type, Where = ExprFactory.Binary(BinaryOperator.Greater, ExprFactory.Literal(1L), ExprFactory.Literal(0L)) };
        var real = step with { Where = ExprFactory.Binary(BinaryOperator.Greater, ExprFactory.Literal(1.0), ExprFactory.Literal(0.0)) };
        Assert.NotEqual(Of(new Pattern { Steps = [step] }), Of(new Pattern { Steps = [real] }));
    }

    [Fact]
    public void Different_random_patterns_have_different_fingerprints()
    {
        var texts = Enumerable.Range(0, 2_000).Select(i => CaseGenerator.Case((ulong)i).Pattern).ToLookup(Of, PatternFingerprint.TextOf);
        Assert.All(texts, same => Assert.Single(same.Distinct()));
        Assert.True(texts.Count > 1_500);
    }

    [Fact]
    public void Pattern_printed_as_rule_text_is_the_same_pattern()
    {
        var (same, unsayable) = (0, 0);
        foreach (var pattern in Enumerable.Range(0, 400).Select(i => CaseGenerator.Case((ulong)i).Pattern))
        {
            var text = CaseText.Rule(pattern);
            var compilation = RuleCompiler.Compile([new SourceText("case.cep", CaseText.Streams + text)]);
            if (text.Contains("/*", StringComparison.Ordinal) || compilation.RuleSet is null)
            {
                unsayable++;
                continue;
            }
            Assert.True(PatternFingerprint.TextOf(pattern) == PatternFingerprint.TextOf(compilation.RuleSet.Rules[0].Pattern), text + PatternFingerprint.TextOf(pattern) + "\n" + PatternFingerprint.TextOf(compilation.RuleSet.Rules[0].Pattern));
            same++;
        }
        Assert.True(same > 200, $"{unsayable} patterns have no form in text.");
    }

    private static string Of(Pattern pattern) => PatternFingerprint.Of(pattern);

    private static Pattern Rule(string clauses, string name = "r", string streams = CaseText.Streams)
    {
        var compilation = RuleCompiler.Compile([new SourceText("test.cep", $"{streams}rule {name} {{ from Tick, Alarm\n{clauses}\n}}")]);
        Assert.True(compilation.RuleSet is not null, string.Join("\n", compilation.Diagnostics.Select(d => d.Render())));
        return Assert.Single(compilation.RuleSet!.Rules).Pattern;
    }
}
