using Cep.Language.Text;

namespace Cep.Language.Syntax;

/// <summary><c>test RULE "name" { statements }</c></summary>
/// <param name="Rule">The name of the rule.</param>
/// <param name="Name">What the test shows; null where it was not read, which has been reported.</param>
/// <param name="Statements">In the order written.</param>
/// <param name="Span">From the word <c>test</c> to the closing brace.</param>
internal sealed record TestSyntax(NameSyntax Rule, StringSyntax? Name, IReadOnlyList<StatementSyntax> Statements, TextSpan Span);

/// <summary>A line of a test. What of it could not be read is missing, and has been reported.</summary>
/// <param name="Span">From its word to its end.</param>
internal abstract record StatementSyntax(TextSpan Span);

/// <summary>Stands where no statement could be read.</summary>
internal sealed record MissingStatementSyntax(TextSpan Span) : StatementSyntax(Span);

/// <summary><c>at DURATION STREAM { values } [late by DURATION]</c></summary>
internal sealed record AtSyntax(DurationSyntax? Time, NameSyntax Stream, IReadOnlyList<ValueSyntax> Values, DurationSyntax? LateBy, TextSpan Span)
    : StatementSyntax(Span);

/// <summary><c>advance to DURATION</c></summary>
internal sealed record AdvanceSyntax(DurationSyntax? Time, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>restart</c></summary>
internal sealed record RestartSyntax(TextSpan Span) : StatementSyntax(Span);

/// <summary><c>expect alert { values } [at DURATION]</c></summary>
internal sealed record ExpectAlertSyntax(IReadOnlyList<ValueSyntax> Values, DurationSyntax? Time, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>expect none [where EXPR]</c></summary>
internal sealed record ExpectNoneSyntax(ExpressionSyntax? Where, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>expect late N</c></summary>
internal sealed record ExpectLateSyntax(long? Count, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>name: value</c></summary>
internal sealed record ValueSyntax(NameSyntax Name, ExpressionSyntax Value);
