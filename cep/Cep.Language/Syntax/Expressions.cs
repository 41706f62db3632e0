using Cep.Language.Text;

namespace Cep.Language.Syntax;

/// <summary>An expression as written.</summary>
internal abstract record ExpressionSyntax(TextSpan Span);

/// <summary>Stands where an expression was expected and could not be read; what is wrong has been reported.</summary>
internal sealed record MissingExpressionSyntax(TextSpan Span) : ExpressionSyntax(Span);

/// <summary>An integer, which adapts to every numeric type.</summary>
internal sealed record IntegerSyntax(long Value, TextSpan Span) : ExpressionSyntax(Span);

/// <summary>A number with a fraction or an exponent, kept as digits: whether it is a decimal or a double depends on its neighbour.</summary>
internal sealed record NumberSyntax(string Digits, TextSpan Span) : ExpressionSyntax(Span);

/// <summary>A string literal.</summary>
internal sealed record TextSyntax(string Value, TextSpan Span) : ExpressionSyntax(Span);

/// <summary>A duration literal, in milliseconds.</summary>
internal sealed record DurationLiteralSyntax(long Ms, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>true</c> or <c>false</c></summary>
internal sealed record BooleanSyntax(bool Value, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>null</c></summary>
internal sealed record NullSyntax(TextSpan Span) : ExpressionSyntax(Span);

/// <summary>A bare name: a field of the candidate, or a step where one is asked for.</summary>
internal sealed record NameExpressionSyntax(NameSyntax Name) : ExpressionSyntax(Name.Span);

/// <summary><c>step.field</c> or <c>step[index].field</c></summary>
/// <param name="Step">The step's name.</param>
/// <param name="Index">Which of its events, from 0, negative from the end; null where no index is written.</param>
/// <param name="Field">The field's name.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record FieldOfStepSyntax(NameSyntax Step, long? Index, NameSyntax Field, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>function ( arguments )</c></summary>
internal sealed record CallSyntax(NameSyntax Function, IReadOnlyList<ExpressionSyntax> Arguments, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>and</c> or <c>or</c> of two or more operands.</summary>
/// <remarks>Flat, so that a condition of a thousand parts is no deeper than one of two.</remarks>
internal sealed record LogicalSyntax(bool IsAnd, IReadOnlyList<ExpressionSyntax> Operands, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>not EXPR</c></summary>
internal sealed record NotSyntax(ExpressionSyntax Operand, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>- EXPR</c></summary>
internal sealed record NegateSyntax(ExpressionSyntax Operand, TextSpan Span) : ExpressionSyntax(Span);

/// <summary>An operator between two operands.</summary>
/// <param name="Operator">As written in the language: <c>==</c>, <c>+</c>, <c>contains</c> and so on.</param>
/// <param name="OperatorSpan">Where the operator stands.</param>
/// <param name="Left">The left operand.</param>
/// <param name="Right">The right operand.</param>
/// <param name="IsNegated">Whether a word operator has a <c>not</c> before it.</param>
internal sealed record BinarySyntax(string Operator, TextSpan OperatorSpan, ExpressionSyntax Left, ExpressionSyntax Right, bool IsNegated)
    : ExpressionSyntax(Left.Span.To(Right.Span));

/// <summary><c>EXPR [not] in ( EXPR, … )</c></summary>
internal sealed record InListSyntax(ExpressionSyntax Operand, IReadOnlyList<ExpressionSyntax> Items, bool IsNegated, TextSpan Span)
    : ExpressionSyntax(Span);

/// <summary><c>EXPR [not] between EXPR and EXPR</c></summary>
internal sealed record BetweenSyntax(ExpressionSyntax Operand, ExpressionSyntax Low, ExpressionSyntax High, bool IsNegated)
    : ExpressionSyntax(Operand.Span.To(High.Span));

/// <summary><c>EXPR is [not] null</c></summary>
internal sealed record IsNullSyntax(ExpressionSyntax Operand, bool IsNegated, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>if EXPR then EXPR else EXPR</c></summary>
internal sealed record ConditionalSyntax(ExpressionSyntax Condition, ExpressionSyntax Then, ExpressionSyntax Else, TextSpan Span)
    : ExpressionSyntax(Span);
