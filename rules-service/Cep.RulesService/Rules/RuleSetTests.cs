using Cep.Rules.Testing;
using Cep.Streaming.Testing;

namespace Cep.RulesService.Rules;

/// <summary>An expectation that was not met.</summary>
/// <param name="File">Where it is written.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Message">A whole sentence.</param>
internal sealed record RuleTestFailure(string File, int Line, string Message);

/// <summary>What came of a test.</summary>
/// <param name="Rule">The rule that it tests.</param>
/// <param name="Name">What it shows.</param>
/// <param name="File">Where it is written.</param>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="HasPassed">Whether all expectations were met.</param>
/// <param name="Failures">Those that were not.</param>
internal sealed record RuleTestOutcome(string Rule, string Name, string File, int Line, bool HasPassed, IReadOnlyList<RuleTestFailure> Failures);

/// <summary>What came of the tests of a rule set.</summary>
/// <param name="Passed">How many passed.</param>
/// <param name="Failed">How many did not.</param>
/// <param name="Tests">All of them, in the order in which they are written.</param>
internal sealed record RuleSetTests(int Passed, int Failed, IReadOnlyList<RuleTestOutcome> Tests)
{
    /// <summary>Runs them, each on an engine of its own and a clock that stands still.</summary>
    public static RuleSetTests Run(Cep.Rules.RuleSet set, IReadOnlyList<RuleTest> tests)
    {
        var runner = new RuleTestRunner(set);
        var outcomes = tests.Select(t => Outcome(runner.Run(t))).ToList();
        return new RuleSetTests(outcomes.Count(o => o.HasPassed), outcomes.Count(o => !o.HasPassed), outcomes);
    }

    /// <summary>One sentence on those that failed.</summary>
    public string FailuresInWords
    {
        get
        {
            var named = string.Join(", ", Tests.Where(t => !t.HasPassed).Take(5).Select(t => $"\"{t.Name}\" of `{t.Rule}` ({t.File}:{t.Line})"));
            return $"{Failed} of {Tests.Count} tests failed: {named}{(Failed > 5 ? " and others" : "")}.";
        }
    }

    private static RuleTestOutcome Outcome(RuleTestResult result) => new(
        result.Test.Rule.Name, result.Test.Name, result.Test.Place.File, result.Test.Place.Line, result.HasPassed,
        result.Failures.Select(f => new RuleTestFailure(f.Place.File, f.Place.Line, f.Message)).ToList());
}
