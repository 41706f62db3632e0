using Cep.Conditions;

namespace Cep.Explain;

/// <summary>Computes conditions part by part, with the code of the evaluators, to tell what each part was.</summary>
/// <remarks>Compiles a part when it is first asked for; what evaluates events knows nothing of it. One thread only.</remarks>
internal sealed class ExprEvaluator(RegisterLayout layout)
{
    /// <summary>By reference: an expression is equal to itself alone.</summary>
    private readonly Dictionary<Expr, ValueCode> _codes = [];

    /// <param name="e">A condition, or a part of one.</param>
    /// <param name="candidate">The event, of the type whose fields it reads.</param>
    /// <param name="timeMs">Its event time.</param>
    /// <param name="registers">What the run remembered before it.</param>
    public EvaluatedExpr Evaluate(Expr e, object candidate, long timeMs, Registers registers)
    {
        var parts = e.Children.Select(c => Evaluate(c, candidate, timeMs, registers)).ToArray();
        try
        {
            return new EvaluatedExpr { Expr = e, Value = ValueOf(e, candidate, timeMs, registers), Parts = parts };
        }
        catch (Exception problem)
        {
            // Conditions can be code of a program, and that can throw anything; it is told, as an overflow is.
            return new EvaluatedExpr { Expr = e, Value = null, Failure = Reason(problem), Parts = parts };
        }
    }

    private object? ValueOf(Expr e, object candidate, long timeMs, Registers registers)
    {
        if (e is LiteralExpr literal)
            return literal.Value;
        if (!_codes.TryGetValue(e, out var code))
            _codes[e] = code = ExpressionCompiler.Value(e, layout);
        return code(candidate, timeMs, registers);
    }

    private static string Reason(Exception problem) => problem switch
    {
        OverflowException => "overflow",
        DivideByZeroException => "division by zero",
        _ => problem.Message,
    };
}
