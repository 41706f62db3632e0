using Cep.Events;

namespace Cep.Conditions;

/// <summary>Builds typed expressions. Operands are checked: one of a wrong kind is an <see cref="ArgumentException"/> with a sentence.</summary>
public static class ExprFactory
{
    /// <summary>A constant: <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/>, <see cref="decimal"/> or <see cref="string"/>.</summary>
    public static Expr Literal(object value) => value switch
    {
        bool => new LiteralExpr(value, ValueKind.Bool),
        int i => new LiteralExpr((long)i, ValueKind.Long),
        long => new LiteralExpr(value, ValueKind.Long),
        double => new LiteralExpr(value, ValueKind.Double),
        decimal => new LiteralExpr(value, ValueKind.Decimal),
        string => new LiteralExpr(value, ValueKind.String),
        _ => throw new ArgumentException($"A {value.GetType().Name} is no constant of a condition.", nameof(value)),
    };

    /// <summary>A duration constant, in milliseconds.</summary>
    public static Expr DurationMs(long ms) => new LiteralExpr(ms, ValueKind.Duration);

    /// <summary>A timestamp constant, in Unix milliseconds.</summary>
    public static Expr TimestampMs(long ms) => new LiteralExpr(ms, ValueKind.Timestamp);

    /// <summary>Null of a kind.</summary>
    public static Expr Null(ValueKind kind) => new LiteralExpr(null, kind);

    /// <summary>A field of the candidate.</summary>
    public static Expr Field(EventType type, EventField field) => new FieldExpr(type, field);

    /// <summary>A field of an event of a step: index 0 the first, -1 the last.</summary>
    public static Expr StepField(string step, int index, EventType type, EventField field) => new StepFieldExpr(step, index, type, field);

    /// <summary><c>count(step)</c>.</summary>
    public static Expr Count(string step) => new StepAggregateExpr(AggregateKind.Count, step, null, null, ValueKind.Long);

    /// <summary>An aggregate over a field of a step's events.</summary>
    public static Expr Aggregate(AggregateKind aggregate, string step, EventType type, EventField field) =>
        new StepAggregateExpr(aggregate, step, type, field,
            Typing.Result(aggregate, field.Kind) ?? throw new ArgumentException($"{aggregate} does not apply to a {field.Kind.Name()}.", nameof(field)));

    /// <summary><c>not x</c>.</summary>
    public static Expr Not(Expr operand) => new UnaryExpr(UnaryOperator.Not, Expect(operand, ValueKind.Bool));

    /// <summary><c>-x</c>; a number or a duration.</summary>
    public static Expr Negate(Expr operand) => operand.Kind.IsNumeric() || operand.Kind == ValueKind.Duration
        ? new UnaryExpr(UnaryOperator.Negate, operand)
        : throw new ArgumentException($"A {operand.Kind.Name()} cannot be negated.", nameof(operand));

    /// <summary>Two operands and an operator; numbers are widened to their common kind.</summary>
    public static Expr Binary(BinaryOperator op, Expr left, Expr right)
    {
        var kind = Typing.Result(op, left.Kind, right.Kind)
            ?? throw new ArgumentException($"`{op.Text()}` does not take a {left.Kind.Name()} and a {right.Kind.Name()}.");
        if (op is BinaryOperator.Matches or BinaryOperator.Like && right is not LiteralExpr { Value: string })
            throw new ArgumentException($"The right side of `{op.Text()}` must be a constant text.", nameof(right));
        if (ValueKinds.Common(left.Kind, right.Kind) is { } common)
            (left, right) = (Widen(left, common), Widen(right, common));
        return new BinaryExpr(op, left, right, kind);
    }

    /// <summary><c>a and b</c>, where null stands for no condition.</summary>
    public static Expr? And(Expr? left, Expr? right) =>
        left is null ? right : right is null ? left : Binary(BinaryOperator.And, left, right);

    /// <summary><c>x is null</c>.</summary>
    public static Expr IsNull(Expr operand) => new IsNullExpr(operand);

    /// <summary><c>x in (a, b, …)</c>.</summary>
    public static Expr In(Expr operand, IReadOnlyList<Expr> items)
    {
        if (items.Count == 0)
            throw new ArgumentException("`in` needs at least one item.", nameof(items));
        var kind = items.Aggregate(operand.Kind, (kind, item) => CommonKind(kind, item.Kind));
        return new InExpr(Widen(operand, kind), items.Select(i => Widen(i, kind)).ToArray());
    }

    /// <summary><c>x in @list</c>; numbers are compared in their common kind.</summary>
    public static Expr InList(Expr operand, ValueList list) => new InListExpr(Widen(operand, CommonKind(operand.Kind, list.Kind)), list);

    /// <summary><c>if C then A else B</c>.</summary>
    public static Expr If(Expr condition, Expr then, Expr otherwise)
    {
        var kind = CommonKind(then.Kind, otherwise.Kind);
        return new ConditionalExpr(Expect(condition, ValueKind.Bool), Widen(then, kind), Widen(otherwise, kind));
    }

    /// <summary>A call. <see cref="Functions.Signature"/> says what a function takes.</summary>
    public static Expr Call(Function function, params IReadOnlyList<Expr> arguments) => Functions.Call(function, arguments);

    /// <summary>A fact about the match or the moment.</summary>
    public static Expr Fact(MatchFact fact) => new MatchFactExpr(fact, fact switch
    {
        MatchFact.Duration => ValueKind.Duration,
        MatchFact.Key => ValueKind.String,
        _ => ValueKind.Timestamp,
    });

    /// <summary>The number in a wider kind; the same expression when it is of that kind already.</summary>
    public static Expr Widen(Expr operand, ValueKind kind) => operand.Kind == kind ? operand
        : operand is LiteralExpr { Value: null } ? Null(kind)
        : ValueKinds.Common(operand.Kind, kind) == kind ? new ConvertExpr(operand, kind)
        : throw new ArgumentException($"A {operand.Kind.Name()} is no {kind.Name()}.", nameof(operand));

    private static ValueKind CommonKind(ValueKind a, ValueKind b) => a == b ? a
        : ValueKinds.Common(a, b) ?? throw new ArgumentException($"A {a.Name()} and a {b.Name()} have no common kind.");

    private static Expr Expect(Expr operand, ValueKind kind) => operand.Kind == kind ? operand
        : throw new ArgumentException($"Expected a {kind.Name()}, not a {operand.Kind.Name()}.", nameof(operand));
}
