using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cep.Conditions;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Evaluation.Snapshots;

/// <summary>
/// Tells patterns apart by what they mean, so that remembered state meets only the pattern that it belongs to: 128 bits as 32 hexadecimal digits,
/// the same on every machine and in every version.
/// </summary>
/// <remarks>
/// What counts: the steps with their names, links, quantifiers and windows, the conditions with the kinds they compute in, the streams with the fields
/// that the pattern reads, and the skip strategy. What does not: the rule's name and metadata, comments, formatting, and fields that nothing reads.
/// Two ways to say one thing, such as a least number of 0 and an optional step, are one; conditions are compared as they are written.
/// </remarks>
internal static class PatternFingerprint
{
    /// <summary>The number of bytes of a fingerprint.</summary>
    public const int Size = 16;

    /// <summary>Whether a pattern has one: it has no condition in code.</summary>
    public static bool Exists(Pattern pattern) => !pattern.Conditions.Any(HasCode);

    /// <summary>The fingerprint of a pattern.</summary>
    public static string Of(Pattern pattern) => Convert.ToHexStringLower(BytesOf(pattern));

    /// <summary>The fingerprint of a pattern, as bytes.</summary>
    public static byte[] BytesOf(Pattern pattern) => SHA256.HashData(Encoding.UTF8.GetBytes(TextOf(pattern)))[..Size];

    /// <summary>An expression in one text that no other meaning has; all code that cannot be looked into is one.</summary>
    public static string TextOf(Expr e)
    {
        if (HasCode(e))
            return "code";
        var text = new StringBuilder();
        Expression(e, text);
        return text.ToString();
    }

    /// <summary>What is hashed: the pattern in one text that no other meaning has.</summary>
    internal static string TextOf(Pattern pattern)
    {
        var text = new StringBuilder();
        Streams(pattern, text);
        Sequence(pattern.Steps, isWholePattern: true, text);
        text.Append(CultureInfo.InvariantCulture, $" within {pattern.WithinMs} in {pattern.GapMs} skip {pattern.Skip.Kind}");
        if (pattern.Skip.Kind is SkipKind.ToFirst or SkipKind.ToLast)
            text.Append(CultureInfo.InvariantCulture, $" {Quote(pattern.Skip.Step)} {pattern.Skip.FailsOnMiss}");
        return text.ToString();
    }

    private static void Streams(Pattern pattern, StringBuilder text)
    {
        var reads = pattern.Conditions.SelectMany(c => c.FieldsRead).Distinct()
            .ToLookup(r => r.Type.Name, r => r.Field, StringComparer.Ordinal);
        var streams = pattern.EventSteps.Select(s => s.Stream?.Name).OfType<string>().Concat(reads.Select(r => r.Key));
        foreach (var stream in streams.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{Quote(stream)} {{ ");
            foreach (var field in reads[stream].OrderBy(f => f.Name, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture, $"{Quote(field.Name)} {field.Type} {field.IsOptional}; ");
            text.Append("} ");
        }
    }

    private static bool HasCode(Expr e) => e is OpaqueExpr || e.Children.Any(HasCode);

    private static void Sequence(IReadOnlyList<PatternStep> steps, bool isWholePattern, StringBuilder text)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            // The first step follows nothing; but a group that begins a group keeps its link between the rounds of that one.
            if (i > 0 || (!isWholePattern && steps[i] is GroupStep))
                text.Append(CultureInfo.InvariantCulture, $" {steps[i].Link} ");
            Step(steps[i], text);
        }
    }

    private static void Step(PatternStep step, StringBuilder text)
    {
        if (step is GroupStep group)
        {
            text.Append(group.IsNegated ? "not (" : "(");
            Sequence(group.Steps, isWholePattern: false, text);
            foreach (var other in group.OrElse)
                Sequence(other, isWholePattern: false, text.Append(" | "));
            text.Append(')');
        }
        else if (step is EventStep e)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(e.IsNegated ? "not " : "")}{Quote(e.Name)}: {(e.Stream is { } stream ? Quote(stream.Name) : "any")}");
            if (e.Where is not (null or LiteralExpr { Value: true }))
                Condition(" where", e.Where, text);
        }
        if (step.GapMs is { } gap)
            text.Append(CultureInfo.InvariantCulture, $" in {gap}");
        Times(step.Quantifier, text);
    }

    private static void Times(Quantifier q, StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $" {{{Math.Max(q.Min, 1)},{q.Max}}}{(q.CanBeSkipped ? " optional" : "")}{(q.IsGreedy && q.Max != Math.Max(q.Min, 1) ? " greedy" : "")}");
        if (q.IsLoop)
            text.Append(CultureInfo.InvariantCulture, $" {q.Inner}");
        if (q.GapMs is { } gap)
            text.Append(CultureInfo.InvariantCulture, $" in {gap}");
        if (q.Until is { } until)
            Condition(" until", until, text);
    }

    private static void Condition(string word, Expr condition, StringBuilder text)
    {
        text.Append(word).Append(' ');
        Expression(condition, text);
    }

    /// <summary>Operator first, kinds told: what differs in anything that is computed differs in text.</summary>
    private static void Expression(Expr e, StringBuilder text)
    {
        if (e is ConvertExpr { Operand: LiteralExpr { Value: { } number } })
        {
            text.Append(CultureInfo.InvariantCulture, $"({Number(number, e.Kind)} {e.Kind})");
            return;
        }
        text.Append('(').Append(e switch
        {
            LiteralExpr { Value: null } => "null",
            LiteralExpr { Value: string value } => Quote(value),
            LiteralExpr l => Number(l.Value, l.Kind),
            FieldExpr f => $"{Quote(f.EventType.Name)}.{Quote(f.Field.Name)}",
            StepFieldExpr f => string.Create(CultureInfo.InvariantCulture, $"{Quote(f.Step)}[{f.Index}].{Quote(f.Field.Name)}"),
            StepAggregateExpr a => $"{a.Aggregate} {Quote(a.Step)}.{Quote(a.Field?.Name)}",
            UnaryExpr u => u.Operator.ToString(),
            BinaryExpr b => b.Operator.ToString(),
            IsNullExpr => "IsNull",
            InExpr => "In",
            InListExpr i => $"InList {i.List.Fingerprint}",
            ConditionalExpr => "If",
            CallExpr c => c.Function.ToString(),
            ConvertExpr => "Convert",
            MatchFactExpr f => f.Fact.ToString(),
            OpaqueExpr => throw new NotSupportedException("The pattern has a condition in code, which cannot be told from other code: it has no fingerprint."),
            _ => throw new ArgumentOutOfRangeException(nameof(e), e.GetType(), null),
        }).Append(' ').Append(e.Kind);
        foreach (var child in e.Children)
        {
            text.Append(' ');
            Expression(child, text);
        }
        text.Append(')');
    }

    /// <summary>A constant in a kind; a decimal without the zeros behind it.</summary>
    private static string Number(object value, ValueKind kind) => kind switch
    {
        ValueKind.Double => Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
        ValueKind.Decimal => Convert.ToDecimal(value, CultureInfo.InvariantCulture).ToString("0.############################", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>A name with its length before it, so that no name reads as something else.</summary>
    private static string Quote(string? name) => name is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{name.Length}`{name}`");
}
