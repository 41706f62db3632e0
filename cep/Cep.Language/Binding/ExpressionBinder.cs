using System.Globalization;
using Cep.Conditions;
using Cep.Events;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Binding;

/// <summary>Gives an expression its meaning and type. An expression with an error becomes null, and what is built on it is silent.</summary>
/// <remarks>
/// Number literals take their type from their neighbours: <c>0.1</c> beside a decimal is the exact decimal, else a double. So the side of an
/// operator that is made of literals only is bound after the other.
/// </remarks>
internal sealed partial class ExpressionBinder(Scope scope, DiagnosticBag diagnostics)
{
    /// <summary>Binds a condition: an expression whose value is a bool.</summary>
    /// <param name="syntax">The expression.</param>
    /// <param name="what">What the condition is of, as a message says it: <c>the condition of the step `a`</c>.</param>
    public Expr? BindCondition(ExpressionSyntax syntax, string what)
    {
        var bound = Bind(syntax);
        if (bound is null || bound.Kind == ValueKind.Bool) return bound;
        diagnostics.Error(DiagnosticCode.NotACondition, syntax.Span, $"Expected a bool as {what}, but {Described(syntax, bound)}.",
            syntax is NameExpressionSyntax or FieldOfStepSyntax ? "compare it with a value" : null);
        return null;
    }

    /// <summary>Binds an expression.</summary>
    /// <param name="syntax">The expression.</param>
    /// <param name="fraction">What a literal with a fraction becomes where nothing nearer decides.</param>
    public Expr? Bind(ExpressionSyntax syntax, ValueKind fraction = ValueKind.Double) => syntax switch
    {
        MissingExpressionSyntax => null,
        IntegerSyntax i => ExprFactory.Literal(i.Value),
        NumberSyntax n => BindNumber(n, fraction),
        TextSyntax t => ExprFactory.Literal(t.Value),
        BooleanSyntax b => ExprFactory.Literal(b.Value),
        DurationLiteralSyntax d => ExprFactory.DurationMs(d.Ms),
        NullSyntax n => RejectNull(n),
        NameExpressionSyntax n => BindField(n.Name),
        FieldOfStepSyntax f => BindFieldOfStep(f),
        CallSyntax c => BindCall(c, fraction),
        LogicalSyntax l => BindLogical(l),
        NotSyntax n => BindNot(n),
        NegateSyntax n => BindNegate(n, fraction),
        BinarySyntax b => BindBinary(b, fraction),
        InListSyntax i => BindIn(i),
        InNamedListSyntax i => BindInNamedList(i),
        BetweenSyntax b => BindBetween(b),
        IsNullSyntax n => BindIsNull(n),
        ConditionalSyntax c => BindConditional(c, fraction),
        _ => throw new InvalidOperationException($"Unknown kind of expression: {syntax.GetType().Name}."),
    };

    private Expr? BindNumber(NumberSyntax number, ValueKind fraction)
    {
        if (fraction != ValueKind.Decimal) return ExprFactory.Literal(double.Parse(number.Digits, CultureInfo.InvariantCulture));
        if (decimal.TryParse(number.Digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return ExprFactory.Literal(value);
        diagnostics.Error(DiagnosticCode.NumberOutOfRange, number.Span,
            $"The number `{Shown(number)}` is compared or computed with a decimal, but is too large for one.");
        return null;
    }

    private Expr? RejectNull(NullSyntax syntax)
    {
        diagnostics.Error(DiagnosticCode.UnexpectedNull, syntax.Span, "Expected a value, but found `null`; any operation on null is null.");
        return null;
    }

    private Expr? BindField(NameSyntax name)
    {
        if (scope.Place == Place.Measure)
        {
            var owner = scope.Steps.Values.FirstOrDefault(s =>
                !s.IsNegated && s.Stream is { } stream && stream.EventType.TryGetField(name.Text, out _));
            diagnostics.Error(DiagnosticCode.NoCandidate, name.Span,
                $"`{name.Text}` is not read from a step; in `{scope.Clause}` there is no event being tested.",
                scope.Steps.ContainsKey(name.Text) ? $"write `{name.Text}.FIELD`" : owner is null ? null : $"write `{owner.Name}.{name.Text}`");
            return null;
        }
        if (scope.Candidate is not { } stream || stream.Untyped.Contains(name.Text)) return null;
        if (stream.EventType.TryGetField(name.Text, out var field)) return ExprFactory.Field(stream.EventType, field);
        if (scope.Place == Place.Alert)
        {
            AlertValues.RejectUnknown(name, scope.AlertsOf!, stream.EventType, diagnostics);
            return null;
        }
        var help = scope.Steps.ContainsKey(name.Text) ? $"`{name.Text}` is a step; write `{name.Text}.FIELD` for a field of its event"
            : DiagnosticBag.DidYouMean(name.Text, stream.FieldNames) ?? $"if a text is meant, write `\"{name.Text}\"`";
        diagnostics.Error(DiagnosticCode.UnknownField, name.Span, $"There is no field `{name.Text}` on stream `{stream.Name.Text}`.", help);
        return null;
    }

    private Expr? BindFieldOfStep(FieldOfStepSyntax syntax)
    {
        if (UseStep(syntax.Step, syntax.Field.Text) is not { } step || FieldOf(step, syntax.Field) is not { } field) return null;
        if (syntax.Index is < int.MinValue or > int.MaxValue)
        {
            diagnostics.Error(DiagnosticCode.NumberOutOfRange, syntax.Span,
                $"The index `{syntax.Index}` is out of range; `{step.Name}` never has so many events.");
            return null;
        }
        return ExprFactory.StepField(step.Name, (int)(syntax.Index ?? -1), step.Stream!.EventType, field);
    }

    /// <summary>The step a name means, if it may be read here; else null, and the reason has been reported.</summary>
    private StepSymbol? UseStep(NameSyntax name, string field)
    {
        if (!scope.Steps.TryGetValue(name.Text, out var step))
        {
            RejectUnknownStep(name, field);
            return null;
        }
        if (step.IsNegated)
        {
            diagnostics.Error(DiagnosticCode.UnreadableStep, name.Span,
                scope.Step == step ? $"The step `{name.Text}` is negated and takes no event; the event it tests is meant by a bare field."
                    : $"The step `{name.Text}` is negated, so it has no event that could be read.",
                scope.Step == step ? $"write `{field}`" : null);
            return null;
        }
        if (scope.Step is not { } here || step.Index < here.Index || step.IsRepeatedWith(here) || (step == here && step.IsLoop)) return step;
        if (step == here)
            diagnostics.Error(DiagnosticCode.UnreadableStep, name.Span,
                $"The step `{name.Text}` has taken no event while its own condition is tested; the event being tested is meant by a bare field.",
                $"write `{field}`");
        else
            diagnostics.Error(DiagnosticCode.UnreadableStep, name.Span,
                $"The step `{name.Text}` comes after `{here.Name}`, so it has no event yet; a condition reads the steps before its own.");
        return null;
    }

    private void RejectUnknownStep(NameSyntax name, string field)
    {
        if (scope.Place == Place.Alert)
        {
            diagnostics.Error(DiagnosticCode.UnreadableStep, name.Span,
                "A condition on alerts reads what they tell, by bare names: measures, fields of the key, `severity` and `kind`.");
            return;
        }
        if (scope.Place == Place.Filter)
        {
            var isStream = scope.Streams.ContainsKey(name.Text);
            diagnostics.Error(DiagnosticCode.UnreadableStep, name.Span,
                $"{scope.FilterReads} only the event being tested, by bare fields.",
                isStream ? $"write `{field}`" : null);
            return;
        }
        var help = scope.Streams.ContainsKey(name.Text)
            ? scope.Place == Place.Step ? $"`{name.Text}` is a stream; the event being tested is meant by a bare field: `{field}`"
                : $"`{name.Text}` is a stream; write the name of a step that takes its events"
            : DiagnosticBag.DidYouMean(name.Text, scope.Steps.Keys);
        diagnostics.Error(DiagnosticCode.UnknownStep, name.Span, $"There is no step `{name.Text}` in this pattern.", help);
    }

    private EventField? FieldOf(StepSymbol step, NameSyntax name)
    {
        if (step.Stream is not { } stream || stream.Untyped.Contains(name.Text)) return null;
        if (stream.EventType.TryGetField(name.Text, out var field)) return field;
        diagnostics.Error(DiagnosticCode.UnknownField, name.Span,
            $"There is no field `{name.Text}` on stream `{stream.Name.Text}`, whose events the step `{step.Name}` takes.",
            DiagnosticBag.DidYouMean(name.Text, stream.FieldNames));
        return null;
    }

    /// <summary>The text of an expression for a message, or null where it is too long to be quoted.</summary>
    private string? Quoted(ExpressionSyntax syntax)
    {
        var text = diagnostics.Source.Slice(syntax.Span);
        return text.Length is 0 or > 40 || text.IndexOfAny('\n', '\r', '`') >= 0 ? null : $"`{text}`";
    }

    private string Shown(ExpressionSyntax syntax) => Quoted(syntax)?.Trim('`') ?? "this";

    /// <summary><c>`amount` is a decimal</c></summary>
    private string Described(ExpressionSyntax syntax, Expr bound) => $"{Quoted(syntax) ?? "this expression"} is {Described(bound)}";

    private static string Described(Expr bound) => bound switch
    {
        FieldExpr f => Described(f.Field.Type),
        StepFieldExpr s => Described(s.Field.Type),
        _ => Described(bound.Kind),
    };

    private static string Described(ValueKind kind) => $"a {kind.Name()}";

    /// <summary><c>an int</c>, <c>a decimal</c></summary>
    public static string Described(FieldType type) => type == FieldType.Int ? "an int" : $"a {type.ToString().ToLowerInvariant()}";

    private void ErrorIn(ExpressionSyntax syntax, string code, string message, string? help = null) =>
        diagnostics.Error(code, syntax.Span, message, help);

    private void ErrorAt(TextSpan span, string code, string message, string? help = null) => diagnostics.Error(code, span, message, help);
}
