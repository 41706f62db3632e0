using Cep.Conformance.Cases;

namespace Cep.Conformance.Reports;

public class ComparisonTests
{
    private static readonly Case Expecting = CaseFiles.Parse(["""
        {"id": "x", "events": [{"t": 1, "id": 1, "name": "a", "price": 1}], "pattern": {"steps": [{"link": "begin", "var": "a"}], "within": {"ms": 5}},
         "expect": {"matches": [{"a": [0, 1]}], "timeouts": [{"events": {"a": [0]}, "at": 6}]}}
        """.ReplaceLineEndings(" ")])[0];

    private static readonly Answer Right = new([new Told("a[0,1]", 2)], [new Told("a[0]", 6)], [], 1);

    [Fact]
    public void The_same_answer_has_no_differences() => Check(Right);

    [Fact]
    public void A_match_that_is_missing_differs() => Check(Right with { Matches = [], MatchesBeforeEnd = 0 }, "missing match: a[0,1]");

    [Fact]
    public void A_match_too_many_differs() => Check(Right with { Matches = [.. Right.Matches, new Told("a[0]", 1)] }, "extra match: a[0]");

    [Fact]
    public void A_match_that_comes_twice_differs() =>
        Check(Right with { Matches = [.. Right.Matches, .. Right.Matches] }, "match came 2 times: a[0,1]");

    [Fact]
    public void A_timeout_at_another_time_differs() =>
        Check(Right with { Timeouts = [new Told("a[0]", 7)] }, "missing timeout: a[0] at 6", "extra timeout: a[0] at 7");

    [Fact]
    public void A_late_event_that_is_not_expected_differs() => Check(Right with { Late = [0] }, "extra late event: 0");

    [Fact]
    public void A_match_that_comes_only_at_the_end_differs() =>
        Check(Right with { MatchesBeforeEnd = 0 }, "matches when the watermark stands at the last event: expected 1, got 0");

    private static void Check(Answer got, params string[] differences) => Assert.Equal(differences, Comparison.Compare(Expecting, got).Differences);
}
