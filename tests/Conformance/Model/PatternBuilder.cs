using Cep.Conditions;
using Cep.Conformance.Cases;
using Cep.Patterns;

namespace Cep.Conformance.Model;

/// <summary>Builds the pattern model of a case directly, past the rule language.</summary>
internal static class PatternBuilder
{
    /// <summary>The pattern of a case; it may be one that <see cref="PatternRules.Check"/> rejects.</summary>
    public static Pattern Build(CasePattern pattern) => new()
    {
        Steps = pattern.Steps.Select(s => Step(s, GapOf(pattern))).ToArray(),
        WithinMs = pattern.Within is { IsGap: false } within ? within.Ms : null,
        Skip = Skip(pattern.Skip),
    };

    private static (string Step, long Ms)? GapOf(CasePattern pattern)
    {
        if (pattern.Within is not { IsGap: true } within)
            return null;
        var step = within.On ?? pattern.Steps[^1].Var ?? throw new InvalidDataException("A gap window before a group has no form in the model.");
        return (step, within.Ms);
    }

    private static PatternStep Step(CaseStep step, (string Step, long Ms)? gap)
    {
        var link = Link(step.Link);
        var quantifier = QuantifierOf(step);
        if (step.Group is { } group)
            return new GroupStep { Link = link, Quantifier = quantifier, Steps = group.Select(s => Step(s, gap)).ToArray() };
        return new EventStep
        {
            Name = step.Var ?? throw new InvalidDataException("A step has neither a name nor a group."),
            Link = link,
            Quantifier = quantifier,
            Stream = CaseEvent.EventType,
            Where = ExprFactory.And(TypeTest(step.Type), Condition(step.Where)),
            IsNegated = step.Not,
            GapMs = gap is { } g && g.Step == step.Var ? g.Ms : null,
        };
    }

    private static Quantifier QuantifierOf(CaseStep step) => new()
    {
        Min = step.Quantifier?.Min ?? 1,
        Max = step.Quantifier is { } q ? q.Max : 1,
        IsOptional = step.Optional,
        IsGreedy = step.Greedy,
        Inner = step.Inner switch
        {
            null or "relaxed" => Contiguity.Relaxed,
            "consecutive" => Contiguity.Strict,
            "combinations" => Contiguity.NonDeterministicRelaxed,
            _ => throw new InvalidDataException($"Unknown inner contiguity: {step.Inner}."),
        },
        Until = Condition(step.Until),
        GapMs = step.LoopWindowMs,
    };

    private static Contiguity Link(string link) => link switch
    {
        "begin" or "followed_by" => Contiguity.Relaxed,
        "next" => Contiguity.Strict,
        "followed_by_any" => Contiguity.NonDeterministicRelaxed,
        _ => throw new InvalidDataException($"Unknown link: {link}."),
    };

    private static AfterMatchSkip Skip(CaseSkip? skip)
    {
        var kind = skip?.Kind switch
        {
            null or "no_skip" => SkipKind.None,
            "to_next" => SkipKind.ToNext,
            "past_last" => SkipKind.PastLast,
            "to_first" => SkipKind.ToFirst,
            "to_last" => SkipKind.ToLast,
            _ => throw new InvalidDataException($"Unknown skip: {skip.Kind}."),
        };
        return new AfterMatchSkip(kind, skip?.Var, skip?.Throw ?? false);
    }

    private static Expr? Condition(string? source) => source is null ? null : ExpressionReader.Read(source);

    private static Expr? TypeTest(string? type) => type is null ? null
        : ExprFactory.Binary(BinaryOperator.Equal, ExprFactory.Field(CaseEvent.EventType, CaseEvent.Field("type")), ExprFactory.Literal(type));
}
