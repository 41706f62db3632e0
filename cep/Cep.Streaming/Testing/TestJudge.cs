using Cep.Conditions;
using Cep.Events;
using Cep.Rules.Testing;
using Cep.Streaming.Quarantine;

namespace Cep.Streaming.Testing;

/// <summary>Holds what came of a test against what was expected.</summary>
/// <param name="test">The test.</param>
/// <param name="alerts">What the rule told, in order.</param>
/// <param name="late">How many events were late.</param>
/// <param name="errors">The failure of the rule; empty for none.</param>
internal sealed class TestJudge(RuleTest test, IReadOnlyList<TestAlert> alerts, long late, IReadOnlyList<RuleError> errors)
{
    private readonly List<TestFailure> _failures = [];

    /// <summary>What is not as expected, in the order in which it is written; what is not written comes last.</summary>
    public IReadOnlyList<TestFailure> Failures()
    {
        if (errors is [var error, ..])
            return [new RuleFailed(test.Place, $"The rule failed: {error.Message}")];
        var expected = test.Expectations.OfType<ExpectedAlert>().ToList();
        var assignment = new AlertAssignment(expected, alerts);
        var untaken = assignment.Untaken.ToList();
        AddMissing(assignment.Missing, untaken);
        AddForbidden(untaken);
        var none = test.Expectations.OfType<NoAlert>().FirstOrDefault(n => n.Where is null);
        if (none is not null || expected.Count > 0)
            _failures.AddRange(untaken.Select(a => Unexpected(a, none, expected.Count > 0)));
        AddLate();
        return [.. _failures.OrderBy(f => f.Place == test.Place ? int.MaxValue : f.Place.Line)];
    }

    /// <summary>Tells of each expectation without an alert, with the alert that is most like it, which is not told again then.</summary>
    private void AddMissing(IReadOnlyList<ExpectedAlert> missing, List<TestAlert> untaken)
    {
        var pairs = missing.SelectMany(m => untaken.Select(a => (Expected: m, Alert: a, Likeness: AlertComparison.Likeness(m, a)))).OrderByDescending(p => p.Likeness);
        var nearest = new Dictionary<ExpectedAlert, TestAlert>(ReferenceEqualityComparer.Instance);
        foreach (var (expected, alert, _) in pairs.ToList())
        {
            if (untaken.Contains(alert) && nearest.TryAdd(expected, alert))
                untaken.Remove(alert);
        }
        foreach (var expected in missing)
        {
            _failures.Add(nearest.TryGetValue(expected, out var alert)
                ? new MissingAlert(expected, alert, "The expected alert did not come; this one did.")
                : new MissingAlert(expected, null, alerts.Count == 0 ? "The expected alert did not come; there was none at all." : "The expected alert did not come."));
        }
    }

    /// <summary>Tells of each alert that a condition of <c>expect none</c> holds of, also of one that was expected.</summary>
    private void AddForbidden(List<TestAlert> untaken)
    {
        foreach (var none in test.Expectations.OfType<NoAlert>().Where(n => n.Where is not null))
        {
            var condition = ExpressionCompiler.Condition(test.AlertType, none.Where, RegisterLayout.For([]));
            var builder = new EventBuilder(test.AlertType);
            foreach (var alert in alerts.Where(a => Holds(condition, builder.Build(a.Values), a)).ToList())
            {
                untaken.Remove(alert);
                _failures.Add(new UnexpectedAlert(alert, none.Place, $"There is an alert of which `{none.Where}` holds."));
            }
        }
    }

    private UnexpectedAlert Unexpected(TestAlert alert, NoAlert? none, bool isExpectingOthers) => new(
        alert, none?.Place ?? test.Place, isExpectingOthers ? "There is an alert that no `expect` takes." : "No alert was expected, but this one came.");

    private void AddLate()
    {
        if (test.Expectations.OfType<ExpectedLate>().FirstOrDefault() is { } expected && expected.Count != late)
            _failures.Add(new WrongLateCount(expected.Place, $"{Events(late)} late, but {expected.Count} {(expected.Count == 1 ? "was" : "were")} expected to be."));
    }

    private static string Events(long count) => count switch
    {
        0 => "No event was",
        1 => "1 event was",
        _ => $"{count} events were",
    };

    /// <summary>Whether a condition holds; as anywhere, it does not where it is null or its arithmetic fails.</summary>
    private static bool Holds(ConditionCode condition, object values, TestAlert alert)
    {
        try
        {
            return condition(values, alert.Match.DetectedMs, RegisterLayout.For([]).Empty) == Truth.True;
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException)
        {
            return false;
        }
    }
}
