using System.Linq.Expressions;
using Cep.Events;
using L = System.Linq.Expressions.Expression;

namespace Cep.Conditions;

/// <summary>
/// Makes of a lambda a condition: of what it can say, expressions that are asked once for all runs and read registers in O(1); of the rest, code
/// (<see cref="OpaqueExpr"/>).
/// </summary>
/// <remarks>
/// A translation holds for the same events as the lambda. Where the lambda would throw - a missing event, null, an overflow of 64 bits - it does not
/// hold; text is compared by ordinal value, and times to the millisecond. Null is where the two differ: in C# <c>x != 5</c> holds for null, here it
/// is unknown. So what may be null is translated only where unknown and false come to the same, that is, not below a negation.
/// </remarks>
internal sealed partial class LambdaTranslator
{
    private readonly ParameterExpression _candidate;
    private readonly ParameterExpression? _taken;
    private readonly EventType _type;

    private LambdaTranslator(LambdaExpression lambda)
    {
        _candidate = lambda.Parameters[0];
        _taken = lambda.Parameters.ElementAtOrDefault(1);
        _type = TypeOf(_candidate.Type);
    }

    /// <summary>Translates a condition of the candidate, or of the candidate and a <see cref="TakenEvents{T}"/>.</summary>
    public static Expr Translate(LambdaExpression lambda) => new LambdaTranslator(lambda).Condition(lambda.Body);

    // ---- conditions

    private Expr Condition(L e) => e switch
    {
        BinaryExpression { NodeType: ExpressionType.AndAlso } b => Logic(b, BinaryOperator.And),
        BinaryExpression { NodeType: ExpressionType.OrElse } b => Logic(b, BinaryOperator.Or),
        UnaryExpression { NodeType: ExpressionType.Not } u => Negation(u),
        _ => Value(e) ?? Opaque(e),
    };

    private Expr Logic(BinaryExpression b, BinaryOperator op)
    {
        var (left, right) = (Condition(b.Left), Condition(b.Right));
        // Two pieces of code side by side are one. And code is run only where its guard holds: an unknown guard would let it run.
        var isCode = left is OpaqueExpr { ReadsTaken: var l } && right is OpaqueExpr { ReadsTaken: var r } && l == r;
        return isCode || (MayBeNull(left) && HasCode(right)) ? Opaque(b) : ExprFactory.Binary(op, left, right);
    }

    private Expr Negation(UnaryExpression u)
    {
        var operand = Condition(u.Operand);
        return operand is OpaqueExpr || MayBeNull(operand) ? Opaque(u) : ExprFactory.Not(operand);
    }

    /// <summary>A condition as a part of a value, where it must be known.</summary>
    private Expr? Known(L e) => Condition(e) is var condition && (HasCode(condition) || MayBeNull(condition)) ? null : condition;

    // ---- values; null where conditions cannot say it

    private Expr? Value(L e) => CapturedValue.TryRead(e, out var value) ? CapturedValue.Literal(value, e.Type) : e switch
    {
        MemberExpression m => Member(m),
        UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } u => Convert(u),
        UnaryExpression { NodeType: ExpressionType.Negate or ExpressionType.NegateChecked } u => Value(u.Operand) is { } operand ? ExprFactory.Negate(operand) : null,
        UnaryExpression { NodeType: ExpressionType.Not } when e.Type == typeof(bool) => Known(e),
        BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.OrElse } => Known(e),
        BinaryExpression { NodeType: ExpressionType.Coalesce, Conversion: null } b => Coalesce(b),
        BinaryExpression { NodeType: ExpressionType.Equal or ExpressionType.NotEqual } b => Equality(b),
        BinaryExpression b => OperatorOf(b.NodeType) is { } op ? Operation(op, Value(b.Left), Value(b.Right)) : null,
        ConditionalExpression c => Conditional(c),
        MethodCallExpression c => Call(c),
        _ => null,
    };

    private Expr? Member(MemberExpression m)
    {
        if (m.Expression is not { } owner)
            return null;
        if (owner == _candidate)
            return FieldOf(_type, m) is { } field ? ExprFactory.Field(_type, field) : null;
        if (StepOf(owner) is { } step)
            return m.Member.Name == nameof(IReadOnlyCollection<>.Count) ? ExprFactory.Count(step.Name) : null;
        if (ElementOf(owner) is { } taken)
            return FieldOf(taken.Type, m) is { } field ? ExprFactory.StepField(taken.Step, taken.Index, taken.Type, field) : null;
        if (owner.Type == typeof(string))
            return m.Member.Name == nameof(string.Length) && Value(owner) is { } text ? ExprFactory.Call(Function.Length, text) : null;
        if (Nullable.GetUnderlyingType(owner.Type) is null || Value(owner) is not { } nullable)
            return null;
        return m.Member.Name == nameof(Nullable<>.HasValue) ? ExprFactory.Not(ExprFactory.IsNull(nullable)) : nullable;
    }

    /// <summary>A conversion that keeps the value: to a wider number, or to the type's nullable.</summary>
    private Expr? Convert(UnaryExpression u)
    {
        var (from, to) = (Underlying(u.Operand.Type), Underlying(u.Type));
        if (Value(u.Operand) is not { } operand || FieldConversion.TypeOf(to) is not { } field)
            return null;
        var kind = ValueKinds.Of(field);
        if (from == to)
            return operand;
        if (operand.Kind != kind)
            return ValueKinds.Common(operand.Kind, kind) == kind ? ExprFactory.Widen(operand, kind) : null;
        return to == typeof(double) || to == typeof(long) || (to == typeof(int) && from != typeof(long) && from != typeof(uint)) ? operand : null;
    }

    private Expr? Coalesce(BinaryExpression b) => Value(b.Left) is { } left && Value(b.Right) is { } right && AreAlike(left, right)
        ? ExprFactory.Call(Function.Coalesce, left, right)
        : null;

    private Expr? Conditional(ConditionalExpression c) =>
        Known(c.Test) is { } test && Value(c.IfTrue) is { } then && Value(c.IfFalse) is { } otherwise && AreAlike(then, otherwise)
            ? ExprFactory.If(test, then, otherwise)
            : null;

    private Expr? Equality(BinaryExpression b)
    {
        if ((EnumOf(b.Left) ?? EnumOf(b.Right)) is { } names)
            return Equality(b.NodeType, NameOf(b.Left, names), NameOf(b.Right, names));
        return Equality(b.NodeType, Value(b.Left), Value(b.Right));
    }

    private static Expr? Equality(ExpressionType type, Expr? left, Expr? right)
    {
        if (left is null || right is null)
            return null;
        var isEqual = type == ExpressionType.Equal;
        if (left is LiteralExpr { Value: null } || right is LiteralExpr { Value: null })
        {
            var isNull = ExprFactory.IsNull(left is LiteralExpr { Value: null } ? right : left);
            return isEqual ? isNull : ExprFactory.Not(isNull);
        }
        var (mayLeft, mayRight) = (MayBeNull(left), MayBeNull(right));
        if ((mayLeft && mayRight) || IsUnknownCondition(left) || IsUnknownCondition(right))
            return null;
        if (Operation(isEqual ? BinaryOperator.Equal : BinaryOperator.NotEqual, left, right) is not { } equality)
            return null;
        // In C# null differs from everything else.
        return isEqual || !(mayLeft || mayRight) ? equality : ExprFactory.Binary(BinaryOperator.Or, ExprFactory.IsNull(mayLeft ? left : right), equality);
    }

    /// <summary>Whether C# would have false where the condition is unknown.</summary>
    private static bool IsUnknownCondition(Expr e) => e.Kind == ValueKind.Bool && e is not (FieldExpr or StepFieldExpr) && MayBeNull(e);

    private static Expr? Operation(BinaryOperator op, Expr? left, Expr? right)
    {
        if (left is null || right is null || Typing.Result(op, left.Kind, right.Kind) is null)
            return null;
        // C# joins null as empty text.
        if (left.Kind == ValueKind.String && op == BinaryOperator.Add && (MayBeNull(left) || MayBeNull(right)))
            return null;
        return ExprFactory.Binary(op, left, right);
    }

    private static BinaryOperator? OperatorOf(ExpressionType type) => type switch
    {
        ExpressionType.LessThan => BinaryOperator.Less,
        ExpressionType.LessThanOrEqual => BinaryOperator.LessOrEqual,
        ExpressionType.GreaterThan => BinaryOperator.Greater,
        ExpressionType.GreaterThanOrEqual => BinaryOperator.GreaterOrEqual,
        ExpressionType.Add or ExpressionType.AddChecked => BinaryOperator.Add,
        ExpressionType.Subtract or ExpressionType.SubtractChecked => BinaryOperator.Subtract,
        ExpressionType.Multiply or ExpressionType.MultiplyChecked => BinaryOperator.Multiply,
        ExpressionType.Divide => BinaryOperator.Divide,
        ExpressionType.Modulo => BinaryOperator.Remainder,
        _ => null,
    };

    // ---- enumerations, which C# compares as numbers and fields hold as names

    private static Type? EnumOf(L e) =>
        e is UnaryExpression { NodeType: ExpressionType.Convert, Operand: var operand } && Underlying(operand.Type) is { IsEnum: true } type ? type : null;

    private Expr? NameOf(L e, Type type)
    {
        if (CapturedValue.TryRead(e, out var value))
            return CapturedValue.Literal(value is null ? null : Enum.ToObject(type, value), type);
        return EnumOf(e) == type ? Value(((UnaryExpression)e).Operand) : null;
    }

    // ---- code

    private OpaqueExpr Opaque(L body)
    {
        var (candidate, log) = (L.Parameter(typeof(object), "candidate"), L.Parameter(typeof(TakenLog), "log"));
        var reads = new TakenReads(_taken);
        reads.Visit(body);
        var variables = new List<ParameterExpression> { _candidate };
        var code = new List<L> { L.Assign(_candidate, L.Convert(candidate, _candidate.Type)) };
        if (reads.Any)
        {
            var constructor = _taken!.Type.GetConstructor(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic, [typeof(TakenLog)])!;
            variables.Add(_taken);
            code.Add(L.Assign(_taken, L.New(constructor, log)));
        }
        code.Add(body);
        var lambda = L.Lambda<Func<object, TakenLog?, bool>>(L.AndAlso(L.TypeIs(candidate, _candidate.Type), L.Block(variables, code)), candidate, log);
        return new OpaqueExpr(lambda.Compile(), reads.Any, reads.Steps);
    }

    /// <summary>Finds whether the taken events are read, and under which names.</summary>
    private sealed class TakenReads(ParameterExpression? taken) : ExpressionVisitor
    {
        public bool Any { get; private set; }

        public List<string> Steps { get; } = [];

        protected override L VisitParameter(ParameterExpression node)
        {
            Any |= node == taken;
            return node;
        }

        protected override L VisitMethodCall(MethodCallExpression node)
        {
            if (taken is not null && node.Object == taken && CapturedValue.TryRead(node.Arguments[0], out var name))
                Steps.Add((string)name!);
            return base.VisitMethodCall(node);
        }
    }

    // ---- facts about expressions

    private static bool HasCode(Expr e) => e is OpaqueExpr || e.Children.Any(HasCode);

    /// <summary>Whether the value may be null where the lambda would not throw.</summary>
    private static bool MayBeNull(Expr e) => e switch
    {
        LiteralExpr l => l.Value is null,
        FieldExpr f => f.Field.MayBeNull(),
        StepFieldExpr f => f.Field.MayBeNull(),
        StepAggregateExpr a => a.Aggregate is AggregateKind.Avg or AggregateKind.Min or AggregateKind.Max && a.Field!.MayBeNull(),
        IsNullExpr => false,
        // C# gives NaN, which conditions take for null.
        CallExpr { Function: Function.Sqrt or Function.Ln } => true,
        CallExpr { Function: Function.Coalesce } c => c.Arguments.All(MayBeNull),
        _ => e.Children.Any(MayBeNull),
    };

    private static bool AreAlike(Expr a, Expr b) => a.Kind == b.Kind || ValueKinds.Common(a.Kind, b.Kind) is not null;

    private static Type Underlying(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static EventType TypeOf(Type clr) => (EventType)typeof(EventType).GetMethod(nameof(EventType.Of))!.MakeGenericMethod(clr).Invoke(null, null)!;

    private static EventField? FieldOf(EventType type, MemberExpression m) =>
        type.TryGetField(m.Member.Name, out var field) && FieldConversion.TypeOf(m.Type) == field.Type ? field : null;
}
