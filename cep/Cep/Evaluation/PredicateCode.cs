using Cep.Conditions;
using Cep.Nfa;

namespace Cep.Evaluation;

/// <summary>A compiled predicate, in the part that the event alone decides and the part that must be asked of each run.</summary>
/// <param name="OfEvent">Decided by the event alone; null where there is no such part.</param>
/// <param name="OfRun">Asked of each run, where the first part holds; null where the event alone decides.</param>
/// <param name="Gate">The condition of the first part; null where that asks for the type alone.</param>
internal sealed record PredicateCode(ConditionCode? OfEvent, ConditionCode? OfRun, Expr? Gate)
{
    public static PredicateCode Compile(Predicate predicate, RegisterLayout registers)
    {
        if (predicate.IsLocal)
            return new(ExpressionCompiler.Condition(predicate.Stream, predicate.Where, registers), null, predicate.Where);
        // `a and b` holds where both hold, so the conjuncts that read the event alone can be asked first, once for all runs.
        var conjuncts = Conjuncts(predicate.Where!).ToLookup(c => c.IsLocal);
        var gate = All(conjuncts[true]);
        var hasGate = predicate.Stream is not null || gate is not null;
        return new(
            hasGate ? ExpressionCompiler.Condition(predicate.Stream, gate, registers) : null,
            ExpressionCompiler.Condition(null, All(conjuncts[false]), registers),
            gate);
    }

    /// <summary>What must hold, all of it, for a condition to hold: the operands of its outermost <c>and</c>s.</summary>
    public static IEnumerable<Expr> Conjuncts(Expr e) =>
        e is BinaryExpr { Operator: BinaryOperator.And } and ? Conjuncts(and.Left).Concat(Conjuncts(and.Right)) : [e];

    private static Expr? All(IEnumerable<Expr> conditions) => conditions.Aggregate((Expr?)null, ExprFactory.And);
}
