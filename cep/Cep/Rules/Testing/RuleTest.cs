using Cep.Events;

namespace Cep.Rules.Testing;

/// <summary>Where a part of a test is written.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">The line, from 1.</param>
public readonly record struct TestPlace(string File, int Line);

/// <summary>A test of one rule: events with their times, and what the rule is to tell of them.</summary>
/// <remarks>Immutable. Times are milliseconds since the beginning of the test, which is at <see cref="OriginMs"/>.</remarks>
public sealed record RuleTest
{
    /// <summary>When every test begins: 2026-01-01T00:00:00Z, in Unix milliseconds.</summary>
    public const long OriginMs = 1_767_225_600_000;

    /// <summary>The rule; a draft is tested as if it were live.</summary>
    public required Rule Rule { get; init; }

    /// <summary>What the test shows, in words; unique among the tests of the rule.</summary>
    public required string Name { get; init; }

    /// <summary>Where it begins.</summary>
    public required TestPlace Place { get; init; }

    /// <summary>What can be expected of an alert, see <see cref="RuleAlerts"/>: the type whose fields the expectations name.</summary>
    public required EventType AlertType { get; init; }

    /// <summary>What happens, in the order in which it comes.</summary>
    public required IReadOnlyList<TestStep> Steps { get; init; }

    /// <summary>What is to come of it; at least one.</summary>
    public required IReadOnlyList<TestExpectation> Expectations { get; init; }

    /// <summary>The latest time that the steps reach: there the test ends, and deadlines after it do not pass.</summary>
    public long EndMs => Steps.Select(s => s.ReachesMs).DefaultIfEmpty(0).Max();
}
