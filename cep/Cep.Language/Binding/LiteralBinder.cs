using System.Globalization;
using System.Text;
using Cep.Conditions;
using Cep.Events;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Rules.Testing;

namespace Cep.Language.Binding;

/// <summary>Makes a value of a literal in a test, for a field that says what type it has.</summary>
/// <param name="diagnostics">Takes what does not fit.</param>
internal sealed class LiteralBinder(DiagnosticBag diagnostics)
{
    /// <summary>Binds a literal.</summary>
    /// <param name="field">The field.</param>
    /// <param name="syntax">What is written for it.</param>
    /// <param name="value">The value in the CLR type of the field's kind, or null where that is what is written.</param>
    /// <returns>False where it does not fit, which has been reported.</returns>
    public bool TryBind(EventField field, ExpressionSyntax syntax, out object? value)
    {
        value = null;
        switch (syntax)
        {
            case MissingExpressionSyntax: return false;
            case NullSyntax when field.IsOptional: return true;
            case NullSyntax:
                diagnostics.Error(DiagnosticCode.UnexpectedNull, syntax.Span, $"The field `{field.Name}` is required; a value was expected, but found `null`.");
                return false;
        }
        value = ValueOf(field.Type, syntax);
        if (value is not null) return true;
        if (field.Type is FieldType.Int && Whole(syntax) is not null)
            diagnostics.Error(DiagnosticCode.NumberOutOfRange, syntax.Span, $"The field `{field.Name}` is an int, and holds numbers from {int.MinValue} to {int.MaxValue}.");
        else
            diagnostics.Error(DiagnosticCode.TypeMismatch, syntax.Span, $"Expected {Expected(field.Type)} for `{field.Name}`, but found {Found(syntax)}.", Help(field.Type, syntax));
        return false;
    }

    private static object? ValueOf(FieldType type, ExpressionSyntax syntax) => (type, syntax) switch
    {
        (FieldType.Bool, BooleanSyntax b) => b.Value,
        (FieldType.String, TextSyntax t) => t.Value,
        (FieldType.Int, _) => Whole(syntax) is { } n and >= int.MinValue and <= int.MaxValue ? n : null,
        (FieldType.Long, _) => Whole(syntax),
        (FieldType.Double, _) => Digits(syntax) is { } digits ? double.Parse(digits, CultureInfo.InvariantCulture) : null,
        (FieldType.Decimal, _) => decimal.TryParse(Digits(syntax), NumberStyles.Float, CultureInfo.InvariantCulture, out var d) ? d : null,
        (FieldType.Duration, _) => DurationMs(syntax),
        (FieldType.Timestamp, TextSyntax t) => TimestampText.TryParse(Encoding.UTF8.GetBytes(t.Value), out var ms) ? ms : null,
        (FieldType.Timestamp, _) => DurationMs(syntax) is { } ms ? RuleTest.OriginMs + ms : null,
        _ => null,
    };

    private static long? Whole(ExpressionSyntax syntax) => syntax switch
    {
        IntegerSyntax i => i.Value,
        NegateSyntax { Operand: IntegerSyntax i } => -i.Value,
        _ => null,
    };

    private static long? DurationMs(ExpressionSyntax syntax) => syntax switch
    {
        DurationLiteralSyntax d => d.Ms,
        NegateSyntax { Operand: DurationLiteralSyntax d } => -d.Ms,
        _ => null,
    };

    /// <summary>The digits of a number with its sign; null for what is none.</summary>
    private static string? Digits(ExpressionSyntax syntax) => syntax switch
    {
        IntegerSyntax i => i.Value.ToString(CultureInfo.InvariantCulture),
        NumberSyntax n => n.Digits,
        NegateSyntax { Operand: IntegerSyntax or NumberSyntax } negate => "-" + Digits(negate.Operand),
        _ => null,
    };

    private static string Expected(FieldType type) => type switch
    {
        FieldType.Bool => "`true` or `false`",
        FieldType.Int or FieldType.Long => "a whole number",
        FieldType.Double or FieldType.Decimal => "a number",
        FieldType.String => "a string",
        FieldType.Timestamp => "a time",
        FieldType.Duration => "a duration",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    private string Found(ExpressionSyntax syntax) => syntax switch
    {
        TextSyntax => "a string",
        IntegerSyntax or NumberSyntax or BooleanSyntax or NameExpressionSyntax or DurationLiteralSyntax => $"`{diagnostics.Source.Slice(syntax.Span)}`",
        NegateSyntax { Operand: IntegerSyntax or NumberSyntax or DurationLiteralSyntax } => $"`{diagnostics.Source.Slice(syntax.Span)}`",
        _ => "an expression; a test has plain values",
    };

    private static string? Help(FieldType type, ExpressionSyntax syntax) => (type, syntax) switch
    {
        (FieldType.String, NameExpressionSyntax name) => $"write \"{name.Name.Text}\"",
        (FieldType.String, IntegerSyntax n) => $"write \"{n.Value}\"",
        (FieldType.Timestamp, _) => "write a duration since the beginning of the test, such as `1h30m`, or a text such as \"2026-01-01T01:30:00Z\"",
        (FieldType.Duration, IntegerSyntax) => "a duration has a unit, as in `30s`",
        (FieldType.Decimal, IntegerSyntax or NumberSyntax) => "it is too large for a decimal",
        _ => null,
    };
}
