using Cep.Language.Text;
using Cep.Patterns;

namespace Cep.Language.Syntax;

/// <summary>Steps one after another.</summary>
internal sealed record SequenceSyntax(IReadOnlyList<StepSyntax> Steps, TextSpan Span);

/// <summary>A step, or a group of steps in parentheses.</summary>
/// <param name="Link">The link written before it; relaxed for the first step, which has none.</param>
/// <param name="LinkSpan">Where the link stands; empty for the first step.</param>
/// <param name="Quantifier">How often it is taken, null for exactly once.</param>
/// <param name="Modifiers">In the order written.</param>
/// <param name="Not">Where <c>not</c> stands; null where the step is no absence.</param>
/// <param name="Span">From the first to the last character, without the link.</param>
internal abstract record StepSyntax(Contiguity Link, TextSpan LinkSpan, TextSpan? Not, QuantifierSyntax? Quantifier, IReadOnlyList<ModifierSyntax> Modifiers,
    TextSpan Span);

/// <summary><c>[not] NAME quantifier modifiers : STREAM where EXPR</c></summary>
internal sealed record AtomSyntax(
    Contiguity Link, TextSpan LinkSpan, TextSpan? Not, NameSyntax Name, QuantifierSyntax? Quantifier, IReadOnlyList<ModifierSyntax> Modifiers,
    NameSyntax Stream, ExpressionSyntax? Where, TextSpan Span) : StepSyntax(Link, LinkSpan, Not, Quantifier, Modifiers, Span);

/// <summary><c>[not] ( sequence | … ) quantifier modifiers</c>; at least one alternative, in the order written.</summary>
internal sealed record GroupSyntax(
    Contiguity Link, TextSpan LinkSpan, TextSpan? Not, IReadOnlyList<SequenceSyntax> Alternatives, QuantifierSyntax? Quantifier,
    IReadOnlyList<ModifierSyntax> Modifiers, TextSpan Span)
    : StepSyntax(Link, LinkSpan, Not, Quantifier, Modifiers, Span)
{
    /// <summary>The steps of all alternatives.</summary>
    public IEnumerable<StepSyntax> AllSteps => Alternatives.SelectMany(a => a.Steps);

    /// <summary>The first of its steps that has a name, also inside of groups; null where there is none.</summary>
    public AtomSyntax? FirstAtom => AllSteps.Select(s => s is GroupSyntax g ? g.FirstAtom : (AtomSyntax)s).FirstOrDefault(a => a is not null);

    /// <summary>
    /// The loop in <c>( a{2,}? )?</c> or <c>( ( a -> b ){2} )?</c>, else null: parentheses that only make a loop optional, which the loop's own
    /// quantifier cannot say. They are no group of the model, where a loop has a count and may be optional besides. A greedy loop stays in its group.
    /// </summary>
    public StepSyntax? OptionalLoop =>
        this is { Not: null, Quantifier: { Min: 0, Max: 1 }, Modifiers.Count: 0, Alternatives: [{ Steps: [{ Quantifier: { IsLoop: true, Min: > 1 } } loop] }] }
        && loop is GroupSyntax or AtomSyntax { Not: null, Quantifier.IsGreedy: false } ? loop : null;
}

/// <summary>How often a step is taken.</summary>
/// <param name="Min">The least, 0 or more.</param>
/// <param name="Max">The most, null for no bound.</param>
/// <param name="IsReluctant">Whether a <c>?</c> follows the count, which explores every length.</param>
/// <param name="IsOptionalSign">Whether it is written <c>?</c>.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record QuantifierSyntax(long Min, long? Max, bool IsReluctant, bool IsOptionalSign, TextSpan Span)
{
    /// <summary>Whether it can be taken more than once.</summary>
    public bool IsLoop => Max is null or > 1;

    /// <summary>Whether, on a step, it takes all that fits before the next step; on a group it never does.</summary>
    public bool IsGreedy => IsLoop && Min != Max && !IsReluctant;
}

/// <summary>What changes a step beyond its count.</summary>
internal abstract record ModifierSyntax(TextSpan Span);

/// <summary><c>consecutive</c></summary>
internal sealed record ConsecutiveSyntax(TextSpan Span) : ModifierSyntax(Span);

/// <summary><c>any</c></summary>
internal sealed record AnySyntax(TextSpan Span) : ModifierSyntax(Span);

/// <summary><c>in DURATION</c></summary>
internal sealed record InSyntax(DurationSyntax Duration, TextSpan Span) : ModifierSyntax(Span);

/// <summary><c>until ( EXPR )</c></summary>
internal sealed record UntilSyntax(ExpressionSyntax Condition, TextSpan Span) : ModifierSyntax(Span);
