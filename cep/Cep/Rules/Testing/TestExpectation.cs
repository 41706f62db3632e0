using Cep.Conditions;
using Cep.Events;

namespace Cep.Rules.Testing;

/// <summary>Something that a test expects. All expectations are judged when the test is over, wherever they stand.</summary>
/// <param name="Place">Where it is written.</param>
public abstract record TestExpectation(TestPlace Place);

/// <summary>A value that is expected of an alert.</summary>
/// <param name="Field">A field of <see cref="RuleTest.AlertType"/>.</param>
/// <param name="Value">The value in the CLR type of its kind, or null.</param>
public readonly record struct ExpectedValue(EventField Field, object? Value);

/// <summary><c>expect alert { … } [at D]</c>: there is an alert with these values. One alert satisfies one such expectation, and an alert that none takes is a failure.</summary>
/// <param name="Values">Those that matter.</param>
/// <param name="AtMs">When it is detected; null where that does not matter.</param>
/// <param name="Place">Where it is written.</param>
public sealed record ExpectedAlert(IReadOnlyList<ExpectedValue> Values, long? AtMs, TestPlace Place) : TestExpectation(Place);

/// <summary><c>expect none [where EXPR]</c>: there is no alert that this holds of; without a condition, none but those that are expected.</summary>
/// <param name="Where">A condition on <see cref="RuleTest.AlertType"/>; null for none.</param>
/// <param name="Place">Where it is written.</param>
public sealed record NoAlert(Expr? Where, TestPlace Place) : TestExpectation(Place);

/// <summary><c>expect late N</c>: so many events come too late to be looked at.</summary>
/// <param name="Count">Exactly so many; 0 or more.</param>
/// <param name="Place">Where it is written.</param>
public sealed record ExpectedLate(long Count, TestPlace Place) : TestExpectation(Place);
