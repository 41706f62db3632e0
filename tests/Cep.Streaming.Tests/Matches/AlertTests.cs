using System.Text.Json;
using Cep.Rules;
using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Matches;

/// <summary>Which matches and timeouts are alerts, what they say, and how bad they are.</summary>
public class AlertTests
{
    private const string Input = """
        {"k":"x","letter":"A","n":1,"ts":100}
        {"k":"y","letter":"A","n":9,"ts":200}
        {"k":"x","letter":"B","n":5,"ts":300}
        {"k":"z","letter":"C","ts":5000}
        """;

    [Fact]
    public void Timeout_that_is_an_alert_is_told_with_the_matches_and_its_own_measures()
    {
        var run = Run(1, "emit alert { n = b.n } emit on timeout alert { first = a.n, second = b.n, due = deadline(), end = match_end(), took = match_duration(), at = now(), key = key() }");
        Assert.Equal(
            [
                """match x {"n":5}""",
                """timeout y {"first":9,"second":null,"due":"1970-01-01T00:00:01.200Z","end":"1970-01-01T00:00:01.200Z","took":"1s","at":"1970-01-01T00:00:01.200Z","key":"y"}""",
            ],
            Told(run.Matches));
        Assert.Equal("", run.Timeouts);
        Assert.Equal((1, 1), (run.Result.Rules[0].Counts.Matches, run.Result.Rules[0].Counts.Timeouts));
    }

    [Fact]
    public void Rule_that_emits_on_timeout_only_counts_its_matches_and_tells_none()
    {
        var run = Run(2, "emit on timeout alert { n = a.n }");
        Assert.Equal(["""timeout y {"n":9}"""], Told(run.Matches));
        Assert.Equal("", run.Timeouts);
        Assert.Equal((1, 1), (run.Result.Rules[0].Counts.Matches, run.Result.Rules[0].Counts.Timeouts));
    }

    [Fact]
    public void Timeout_of_a_rule_that_does_not_emit_on_it_goes_to_the_timeouts()
    {
        var run = Run(1, "severity high if b.n is null else low emit alert { n = b.n }");
        Assert.Equal(["""match x {"n":5}"""], Told(run.Matches));
        Assert.Equal(["timeout y {}"], Told(run.Timeouts));
        Assert.Contains("\"severity\":\"low\"", run.Matches, StringComparison.Ordinal);
        Assert.Contains("\"severity\":\"high\"", run.Timeouts, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "low")]
    [InlineData(5, "medium")]
    [InlineData(6, "high")]
    [InlineData(20, "critical")]
    [InlineData(null, "low")]
    public void First_condition_that_holds_decides_the_severity(int? n, string severity)
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A within 1s", rest: "severity critical if a.n > 10 else high if a.n > 5 else medium if a.n > 1 else low"));
        var run = new JobRun(patterns, [JobRun.Json(patterns, $"{{\"k\":\"x\",\"letter\":\"A\",{(n is null ? "" : $"\"n\":{n},")}\"ts\":1}}")]);
        Assert.Contains($"\"severity\":\"{severity}\"", run.Matches, StringComparison.Ordinal);
    }

    [Fact]
    public void Severity_that_fails_in_arithmetic_is_the_next_one_and_is_counted()
    {
        var run = Run(1, "severity critical if a.n / (a.n - a.n) > 1 else high");
        Assert.Contains("\"severity\":\"high\"", run.Matches, StringComparison.Ordinal);
        Assert.Equal(2, run.Result.Rules[0].Counts.Errors);
    }

    [Theory]
    [InlineData("emit alert { n = a.n }", "emit alert { n = a.n } emit on timeout alert { n = a.n }")]
    [InlineData("emit on timeout alert {}", "emit alert {} emit on timeout alert {}")]
    [InlineData("severity high", "severity critical if a.n > 1 else high")]
    [InlineData("severity critical if a.n > 1 else high", "severity critical if a.n > 2 else high")]
    [InlineData("", "suppress by k for 1h")]
    [InlineData("suppress by k for 1h", "suppress by k for 2h")]
    [InlineData("limit 5 per 1h", "limit 5 per 2h")]
    public void Change_of_what_is_told_keeps_partial_matches(string before, string after)
    {
        var (was, now) = (Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s", rest: before)), Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s", rest: after)));
        var change = Assert.Single(SwapPlan.Of(was.Signatures, now.Signatures, SwapPolicy.Reset, _ => 1).Rules);
        Assert.Equal((RuleChangeKind.Cosmetic, RuleFate.Kept), (change.Kind, change.Fate));
    }

    [Fact]
    public void Rule_in_code_that_suppresses_by_what_its_alerts_do_not_have_is_refused()
    {
        var set = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s", rest: "emit alert { n = a.n } emit on timeout alert { n = a.letter }")).RuleSet;
        PatternSet With(string name) => PatternSet.Compile(set with { Rules = [set.Rules[0] with { Suppression = new Suppression([name], 1_000) }] });
        Assert.Equal("The rule `r` suppresses alerts by `m`, which is neither one of their measures nor a field of the key.", Assert.Throws<ArgumentException>(() => With("m")).Message);
        Assert.Equal("The rule `r` suppresses alerts by values that are of other types in matches than in timeouts.", Assert.Throws<ArgumentException>(() => With("n")).Message);
        Assert.Single(With("k").Rules);
    }

    private static JobRun Run(int parallelism, string rest)
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s", rest: rest));
        return new JobRun(patterns, [JobRun.Json(patterns, Input)], parallelism);
    }

    private static IEnumerable<string> Told(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
    {
        var alert = JsonDocument.Parse(line).RootElement;
        return $"{alert.GetProperty("kind").GetString()} {alert.GetProperty("key")[0].GetString()} {alert.GetProperty("measures").GetRawText()}";
    });
}
