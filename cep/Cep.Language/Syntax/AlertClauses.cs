using Cep.Language.Text;

namespace Cep.Language.Syntax;

/// <summary><c>SEVERITY if EXPRESSION else</c>, before the severity of all other matches.</summary>
internal sealed record SeverityCaseSyntax(NameSyntax Severity, ExpressionSyntax When);

/// <summary><c>emit [on match | on timeout] alert { measures }</c></summary>
/// <param name="Measures">In the order written.</param>
/// <param name="Head">Where <c>emit</c> and what it is on stand.</param>
internal sealed record EmitSyntax(IReadOnlyList<MeasureSyntax> Measures, TextSpan Head);

/// <summary><c>name = expression</c></summary>
internal sealed record MeasureSyntax(NameSyntax Name, ExpressionSyntax Value);

/// <summary><c>suppress by NAME, … for DURATION</c></summary>
/// <param name="By">The names; empty where none was read, which has been reported.</param>
/// <param name="For">How long; null where none was read, which has been reported.</param>
internal sealed record SuppressSyntax(IReadOnlyList<NameSyntax> By, DurationSyntax? For);

/// <summary><c>limit N per DURATION</c></summary>
/// <param name="Count">N; null where none was read, which has been reported.</param>
/// <param name="CountSpan">Where it stands.</param>
/// <param name="Per">The span of time; null where none was read, which has been reported.</param>
internal sealed record LimitSyntax(long? Count, TextSpan CountSpan, DurationSyntax? Per);
