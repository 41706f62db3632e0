using Cep.Rules.Testing;
using Cep.Streaming.Matches;

namespace Cep.Streaming.Testing;

/// <summary>What came of a test.</summary>
/// <param name="Test">The test.</param>
/// <param name="Alerts">What the rule told, in order.</param>
/// <param name="Late">How many events were late.</param>
/// <param name="Failures">What is not as expected; empty where the test has passed.</param>
public sealed record RuleTestResult(RuleTest Test, IReadOnlyList<TestAlert> Alerts, long Late, IReadOnlyList<TestFailure> Failures)
{
    /// <summary>Whether all is as expected.</summary>
    public bool HasPassed => Failures.Count == 0;
}

/// <summary>An alert that a rule told in a test.</summary>
/// <param name="Match">What was told.</param>
/// <param name="Values">The values of the fields of <see cref="RuleTest.AlertType"/>, in order, each in the CLR type of its kind or null.</param>
/// <param name="AtMs">When it was detected, in milliseconds since the beginning of the test.</param>
public sealed record TestAlert(Match Match, IReadOnlyList<object?> Values, long AtMs);

/// <summary>Something that is not as a test expects it.</summary>
/// <param name="Place">Where the expectation is written, or the test.</param>
/// <param name="Message">A whole sentence.</param>
public abstract record TestFailure(TestPlace Place, string Message);

/// <summary>An alert that was expected and did not come.</summary>
/// <param name="Expected">What was expected.</param>
/// <param name="Nearest">The alert that nobody expected and that is most like it; null for none.</param>
/// <param name="Message">A whole sentence.</param>
public sealed record MissingAlert(ExpectedAlert Expected, TestAlert? Nearest, string Message) : TestFailure(Expected.Place, Message);

/// <summary>An alert that came and was not expected.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Place">Where it is written that it must not come, or where the test begins.</param>
/// <param name="Message">A whole sentence.</param>
public sealed record UnexpectedAlert(TestAlert Alert, TestPlace Place, string Message) : TestFailure(Place, Message);

/// <summary>Another number of late events than expected.</summary>
/// <param name="Place">Where the number is written.</param>
/// <param name="Message">A whole sentence.</param>
public sealed record WrongLateCount(TestPlace Place, string Message) : TestFailure(Place, Message);

/// <summary>The rule failed, and was stopped.</summary>
/// <param name="Place">Where the test begins.</param>
/// <param name="Message">A whole sentence.</param>
public sealed record RuleFailed(TestPlace Place, string Message) : TestFailure(Place, Message);
