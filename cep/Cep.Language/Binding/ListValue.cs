using System.Globalization;
using Cep.Conditions;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;

namespace Cep.Language.Binding;

/// <summary>What is wrong with a value of a list.</summary>
/// <param name="Code">See <see cref="DiagnosticCode"/>.</param>
/// <param name="Message">As it follows "The list is of TYPE, but", with the full stop.</param>
/// <param name="Help">A fix, or null.</param>
internal readonly record struct ListValueProblem(string Code, string Message, string? Help = null);

/// <summary>Reads values of lists, from literals and from lines of a file.</summary>
internal static class ListValue
{
    /// <summary>The value of a literal in the CLR type of a list's values, or what is wrong; null where that has been reported.</summary>
    public static (object? Value, ListValueProblem? Problem)? Of(ExpressionSyntax syntax, ListType type)
    {
        if (syntax is MissingExpressionSyntax) return null;
        if (syntax is TextSyntax text && type.Kind() == ValueKind.String) return OfText(text.Value, type);
        if (syntax is BooleanSyntax boolean && type == ListType.Bool) return (boolean.Value, null);
        return type.Kind().IsNumeric() && Digits(syntax) is { } digits ? OfNumber(digits, type) : (null, Mismatch(syntax, type));
    }

    /// <summary>The value of a line; null where it is none, and then what is wrong, as it follows "and".</summary>
    public static object? Of(string line, ListType type, out string? problem)
    {
        problem = null;
        if (type == ListType.String) return line;
        if (type == ListType.Cidr) return AddressBlock.TryParse(line, out _, out problem) ? line : null;
        object? value = type == ListType.Bool ? line is "true" or "false" ? line == "true" : null : Number(line, type);
        if (value is null) problem = $"that is no {type.Name()}";
        return value;
    }

    private static (object? Value, ListValueProblem? Problem) OfText(string text, ListType type) =>
        type != ListType.Cidr || AddressBlock.TryParse(text, out _, out var problem) ? (text, null)
            : (null, new ListValueProblem(DiagnosticCode.InvalidListValue, $"this is `{text}`, and {problem}."));

    private static (object? Value, ListValueProblem? Problem)? OfNumber(string digits, ListType type)
    {
        if (Number(digits, type) is { } number) return (number, null);
        // What no double holds was reported when it was read.
        if (type == ListType.Double) return null;
        var isWhole = type is ListType.Int or ListType.Long && digits.Any(c => c is '.' or 'e' or 'E');
        return (null, isWhole ? new ListValueProblem(DiagnosticCode.TypeMismatch, $"`{digits}` is not a whole number.")
            : new ListValueProblem(DiagnosticCode.NumberOutOfRange, $"`{digits}` is out of the range of one."));
    }

    /// <summary>The number that a literal says, with its sign; null for another expression.</summary>
    private static string? Digits(ExpressionSyntax syntax) => syntax switch
    {
        IntegerSyntax integer => integer.Value.ToString(CultureInfo.InvariantCulture),
        NumberSyntax number => number.Digits,
        NegateSyntax { Operand: IntegerSyntax or NumberSyntax } negated => "-" + Digits(negated.Operand),
        _ => null,
    };

    /// <summary>The number of a text; null for none, and for the least integer, which has no literal.</summary>
    private static object? Number(string text, ListType type)
    {
        var (style, culture) = (NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return type switch
        {
            ListType.Int => int.TryParse(text, style, culture, out var number) ? (long)number : null,
            ListType.Long => long.TryParse(text, style, culture, out var number) && number > long.MinValue ? number : null,
            ListType.Decimal => decimal.TryParse(text, style | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, culture, out var number) ? number : null,
            ListType.Double => double.TryParse(text, style | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, culture, out var number)
                && double.IsFinite(number) ? number : null,
            _ => null,
        };
    }

    private static ListValueProblem Mismatch(ExpressionSyntax syntax, ListType type)
    {
        var help = (syntax, type.Kind()) switch
        {
            (TextSyntax text, var kind) when kind.IsNumeric() && Number(text.Value, type) is not null => $"write the number without quotes: `{text.Value}`",
            (TextSyntax { Value: "true" or "false" } text, ValueKind.Bool) => $"write `{text.Value}` without quotes",
            (NameExpressionSyntax name, ValueKind.String) => $"write it in quotes: \"{name.Name.Text}\"",
            (_, ValueKind.String) when Digits(syntax) is { } digits => $"write it in quotes: \"{digits}\"",
            _ => null,
        };
        return new ListValueProblem(DiagnosticCode.TypeMismatch, $"this is {Described(syntax)}.", help);
    }

    private static string Described(ExpressionSyntax syntax) => syntax switch
    {
        TextSyntax => "a string",
        IntegerSyntax or NumberSyntax or NegateSyntax { Operand: IntegerSyntax or NumberSyntax } => "a number",
        BooleanSyntax => "a bool",
        DurationLiteralSyntax => "a duration",
        NullSyntax => "`null`",
        _ => "an expression, and values of a list are constants",
    };
}
