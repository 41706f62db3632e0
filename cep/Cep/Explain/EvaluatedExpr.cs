using Cep.Conditions;

namespace Cep.Explain;

/// <summary>What a condition said of an event.</summary>
public enum ConditionOutcome
{
    /// <summary>It holds.</summary>
    Holds,

    /// <summary>It does not hold.</summary>
    DoesNotHold,

    /// <summary>Something it needs is null; it then does not hold.</summary>
    Unknown,

    /// <summary>It could not be computed; it then does not hold.</summary>
    Failed,
}

/// <summary>An expression with the value that it and each of its parts had for one event of one partial match.</summary>
/// <remarks>Immutable. Its text is rule text with values behind what is compared: <c>amount &gt; 50 * avg(probe.amount) [350.00 &gt; 61.50]</c>.</remarks>
public sealed record EvaluatedExpr
{
    /// <summary>The expression.</summary>
    public required Expr Expr { get; init; }

    /// <summary>The value in the CLR type of the expression's kind; null for unknown, and where it could not be computed.</summary>
    public required object? Value { get; init; }

    /// <summary>Why it could not be computed, such as <c>overflow</c>; null where it could.</summary>
    public string? Failure { get; init; }

    /// <summary>The parts, as <see cref="Expr.Children"/> has them.</summary>
    public required IReadOnlyList<EvaluatedExpr> Parts { get; init; }

    /// <summary>What it says as a condition.</summary>
    public ConditionOutcome Outcome => Failure is not null ? ConditionOutcome.Failed : Value switch
    {
        null => ConditionOutcome.Unknown,
        true => ConditionOutcome.Holds,
        _ => ConditionOutcome.DoesNotHold,
    };

    /// <summary>What must hold, all of it, for it to hold: the operands of its outermost <c>and</c>s, in order; at least one.</summary>
    public IEnumerable<EvaluatedExpr> Conjuncts => Expr is BinaryExpr { Operator: BinaryOperator.And } ? Parts.SelectMany(p => p.Conjuncts) : [this];

    /// <summary>The fields, aggregates and facts that it reads, each once, in order.</summary>
    public IEnumerable<EvaluatedExpr> Reads => AllReads.DistinctBy(r => r.Expr.ToString());

    /// <summary>The value as text: numbers as in JSON with all their digits, texts and times quoted as in rule text, cut to 60 characters.</summary>
    public string ValueText => EvaluatedText.Value(this);

    private IEnumerable<EvaluatedExpr> AllReads =>
        Expr is FieldExpr or StepFieldExpr or StepAggregateExpr or MatchFactExpr ? [this] : Parts.SelectMany(p => p.AllReads);

    /// <summary>The expression in rule text, with values.</summary>
    public override string ToString() => EvaluatedText.Of(this);
}
