using System.Linq.Expressions;
using Cep.Events;
using L = System.Linq.Expressions.Expression;

namespace Cep.Conditions;

/// <summary>Calls, and reads of the events taken.</summary>
internal sealed partial class LambdaTranslator
{
    private Expr? Call(MethodCallExpression c)
    {
        if (c.Method.DeclaringType == typeof(string))
            return TextCall(c);
        if (c.Method.DeclaringType == typeof(Math))
            return MathCall(c);
        if (c.Method.DeclaringType == typeof(Enumerable) && StepOf(c.Arguments[0]) is { } step)
            return StepCall(c, step);
        return IsContains(c) ? Contains(c) : null;
    }

    private Expr? TextCall(MethodCallExpression c)
    {
        if (c.Method.Name == nameof(string.IsNullOrEmpty))
        {
            return Value(c.Arguments[0]) is { } text
                ? ExprFactory.Binary(BinaryOperator.Or, ExprFactory.IsNull(text), ExprFactory.Binary(BinaryOperator.Equal, text, ExprFactory.Literal("")))
                : null;
        }
        if (c.Object is null || Value(c.Object) is not { } owner)
            return null;
        return (c.Method.Name, c.Arguments) switch
        {
            (nameof(string.StartsWith), _) => TextTest(BinaryOperator.StartsWith, owner, c.Arguments),
            (nameof(string.EndsWith), _) => TextTest(BinaryOperator.EndsWith, owner, c.Arguments),
            (nameof(string.Contains), _) => TextTest(BinaryOperator.Contains, owner, c.Arguments),
            (nameof(string.ToLowerInvariant), []) => ExprFactory.Call(Function.Lower, owner),
            (nameof(string.ToUpperInvariant), []) => ExprFactory.Call(Function.Upper, owner),
            (nameof(string.Trim), []) => ExprFactory.Call(Function.Trim, owner),
            _ => null,
        };
    }

    /// <summary>A test by ordinal value; one that asks for another comparison is code.</summary>
    private Expr? TextTest(BinaryOperator op, Expr owner, IReadOnlyList<L> arguments)
    {
        var isOrdinal = arguments.Count == 1 || (CapturedValue.TryRead(arguments[1], out var comparison) && comparison is StringComparison.Ordinal);
        return isOrdinal ? Operation(op, owner, Value(arguments[0])) : null;
    }

    private Expr? MathCall(MethodCallExpression c)
    {
        Function? function = (c.Method.Name, c.Arguments.Count) switch
        {
            (nameof(Math.Abs), 1) => Function.Abs,
            (nameof(Math.Ceiling), 1) => Function.Ceil,
            (nameof(Math.Floor), 1) => Function.Floor,
            (nameof(Math.Round), 1) => Function.Round,
            (nameof(Math.Sqrt), 1) => Function.Sqrt,
            (nameof(Math.Log), 1) => Function.Ln,
            (nameof(Math.Exp), 1) => Function.Exp,
            (nameof(Math.Pow), 2) => Function.Pow,
            (nameof(Math.Max), 2) => Function.Greatest,
            (nameof(Math.Min), 2) => Function.Least,
            _ => null,
        };
        var arguments = c.Arguments.Select(Value).OfType<Expr>().ToArray();
        if (function is not { } known || arguments.Length < c.Arguments.Count || Functions.Result(known, arguments.Select(a => a.Kind).ToArray()) is null)
            return null;
        // The greatest and the least leave out what is missing, where C# would throw.
        return known is Function.Greatest or Function.Least && arguments.Any(a => !a.IsLocal || MayBeNull(a)) ? null : ExprFactory.Call(known, arguments);
    }

    // ---- events taken

    private sealed record Step(string Name, EventType Type);

    private sealed record Element(string Step, int Index, EventType Type);

    /// <summary>The step in <c>m["step"]</c> or <c>m.EventsOf&lt;TSub&gt;("step")</c>.</summary>
    private Step? StepOf(L e) =>
        e is MethodCallExpression { Object: { } owner } c && owner == _taken && CapturedValue.TryRead(c.Arguments[0], out var name) && name is string step
            ? new(step, TypeOf(c.Type.GetGenericArguments()[0]))
            : null;

    /// <summary>The event in <c>m["step"].First()</c>, <c>.Last()</c> or <c>[i]</c>.</summary>
    private Element? ElementOf(L e)
    {
        if (e is not MethodCallExpression c)
            return null;
        if (c.Object is { } list)
        {
            return StepOf(list) is { } of && CapturedValue.TryRead(c.Arguments[0], out var index) && index is int i && i >= 0
                ? new(of.Name, i, of.Type)
                : null;
        }
        if (c.Method.DeclaringType != typeof(Enumerable) || c.Arguments.Count != 1 || StepOf(c.Arguments[0]) is not { } step)
            return null;
        return c.Method.Name switch
        {
            nameof(Enumerable.First) => new(step.Name, 0, step.Type),
            nameof(Enumerable.Last) => new(step.Name, -1, step.Type),
            _ => null,
        };
    }

    private static Expr? StepCall(MethodCallExpression c, Step step)
    {
        if (c.Arguments.Count == 1)
        {
            return c.Method.Name switch
            {
                nameof(Enumerable.Count) => ExprFactory.Count(step.Name),
                nameof(Enumerable.Any) => ExprFactory.Binary(BinaryOperator.Greater, ExprFactory.Count(step.Name), ExprFactory.Literal(0L)),
                _ => null,
            };
        }
        AggregateKind? aggregate = c.Method.Name switch
        {
            nameof(Enumerable.Sum) => AggregateKind.Sum,
            nameof(Enumerable.Average) => AggregateKind.Avg,
            nameof(Enumerable.Min) => AggregateKind.Min,
            nameof(Enumerable.Max) => AggregateKind.Max,
            _ => null,
        };
        if (aggregate is not { } known || c.Arguments is not [_, LambdaExpression { Parameters: [var e], Body: MemberExpression m }] || m.Expression != e)
            return null;
        return FieldOf(step.Type, m) is { } field && Typing.Result(known, field.Kind) is not null ? ExprFactory.Aggregate(known, step.Name, step.Type, field) : null;
    }

    // ---- membership

    private static bool IsContains(MethodCallExpression c) => c.Method.Name == nameof(Enumerable.Contains) && c.Arguments.Count == 2
        && (c.Method.DeclaringType == typeof(Enumerable) || c.Method.DeclaringType == typeof(MemoryExtensions));

    /// <summary>Membership in an array. Lists and sets may change later, and are asked as they are.</summary>
    private Expr? Contains(MethodCallExpression c)
    {
        // The compiler may have made a span of the array.
        var items = c.Arguments[0] is MethodCallExpression { Method.Name: "op_Implicit", Arguments: [var array] } ? array : c.Arguments[0];
        if (!CapturedValue.TryRead(items, out var values) || values is not Array { Rank: 1, Length: > 0 } all || Value(c.Arguments[1]) is not { } operand)
            return null;
        var element = all.GetType().GetElementType()!;
        var literals = all.Cast<object?>().Where(v => v is not null).Select(v => CapturedValue.Literal(v, element)).OfType<Expr>().ToArray();
        return literals.Length == all.Length && literals.All(l => AreAlike(operand, l)) ? ExprFactory.In(operand, literals) : null;
    }
}
