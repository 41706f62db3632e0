using System.Collections.Frozen;
using System.Globalization;
using System.Linq.Expressions;
using System.Text.RegularExpressions;
using Cep.Events;
using L = System.Linq.Expressions.Expression;

namespace Cep.Conditions;

/// <summary>What a condition says of an event.</summary>
internal enum Truth : sbyte
{
    /// <summary>Null: something it needs is missing. It does not hold.</summary>
    Unknown = -1,

    /// <summary>It does not hold.</summary>
    False = 0,

    /// <summary>It holds.</summary>
    True = 1,
}

/// <summary>Decides a condition. Throws <see cref="OverflowException"/> or <see cref="DivideByZeroException"/> where arithmetic fails.</summary>
/// <param name="candidate">The event being tested.</param>
/// <param name="timeMs">Its event time.</param>
/// <param name="registers">What the run remembers; the layout's empty registers where there is no run.</param>
internal delegate Truth ConditionCode(object candidate, long timeMs, Registers registers);

/// <summary>Decides several conditions that read nothing but the event, in one go: bit i of the result is whether the i-th holds. Throws as <see cref="ConditionCode"/> does.</summary>
/// <param name="candidate">The event being tested.</param>
/// <param name="timeMs">Its event time.</param>
/// <param name="unknown">Gets the bits of those that are null.</param>
internal delegate ulong ScreenCode(object candidate, long timeMs, ref ulong unknown);

/// <summary>Computes any expression for an event and a run, boxed; null for unknown. Throws as <see cref="ConditionCode"/> does.</summary>
internal delegate object? ValueCode(object candidate, long timeMs, Registers registers);

/// <summary>Computes a measure of a completed match; null for unknown.</summary>
internal delegate object? MeasureCode(Registers registers, MatchFacts facts);

/// <summary>Facts about a completed match that measures can read.</summary>
/// <param name="StartMs">Event time of the first event.</param>
/// <param name="EndMs">Event time of the last event, or the deadline of an absence.</param>
/// <param name="DetectedMs">Event time at which it became certain.</param>
/// <param name="DeadlineMs">When its window ends; null where the pattern has no window.</param>
/// <param name="Key">The key as text.</param>
public sealed record MatchFacts(long StartMs, long EndMs, long DetectedMs, long? DeadlineMs, string Key);

/// <summary>Compiles typed expressions to delegates over typed fields: no boxing, no reflection and no look-up by name when they run.</summary>
internal sealed class ExpressionCompiler
{
    private static readonly L Yes = L.Constant(true, typeof(bool?));
    private static readonly L No = L.Constant(false, typeof(bool?));

    private readonly RegisterLayout _layout;
    private readonly ParameterExpression _candidate = L.Parameter(typeof(object), "candidate");
    private readonly ParameterExpression _timeMs = L.Parameter(typeof(long), "timeMs");
    private readonly ParameterExpression _registers = L.Parameter(typeof(Registers), "registers");
    private readonly ParameterExpression _facts = L.Parameter(typeof(MatchFacts), "facts");

    /// <summary>The candidate in types that were found to be its own, where code asks for several.</summary>
    private readonly Dictionary<Type, ParameterExpression> _typed = [];

    private ExpressionCompiler(RegisterLayout layout) => _layout = layout;

    /// <summary>Compiles a condition on events of a type.</summary>
    /// <param name="stream">The candidate must be of this type, else the condition is false; null for any.</param>
    public static ConditionCode Condition(EventType? stream, Expr? where, RegisterLayout layout)
    {
        var compiler = new ExpressionCompiler(layout);
        var body = where is null ? L.Constant(Truth.True) : AsTruth(compiler.Lower(where));
        if (stream is not null)
            body = L.Condition(L.TypeIs(compiler._candidate, stream.ClrType), body, L.Constant(Truth.False));
        return L.Lambda<ConditionCode>(body, compiler._candidate, compiler._timeMs, compiler._registers).Compile();
    }

    /// <summary>Compiles conditions that read nothing but the event, to be decided together.</summary>
    /// <param name="conditions">At most 64, each with the bit that it gets, and as for <see cref="Condition"/>.</param>
    public static ScreenCode Screen(IReadOnlyList<(int Bit, EventType? Stream, Expr? Where)> conditions)
    {
        var compiler = new ExpressionCompiler(RegisterLayout.For([]));
        foreach (var type in conditions.Select(c => c.Stream?.ClrType).OfType<Type>().Distinct())
            compiler._typed[type] = L.Variable(type);
        var unknown = L.Parameter(typeof(ulong).MakeByRefType(), "unknown");
        var truths = L.Variable(typeof(ulong), "truths");
        var body = compiler._typed.Select(t => (L)L.Assign(t.Value, L.TypeAs(compiler._candidate, t.Key)))
            .Concat(conditions.Select(c => compiler.Noted(c.Stream, c.Where, L.Constant(1UL << c.Bit), truths, unknown)))
            .Append(truths);
        return L.Lambda<ScreenCode>(L.Block(compiler._typed.Values.Append(truths), body), compiler._candidate, compiler._timeMs, unknown).Compile();
    }

    private L Noted(EventType? stream, Expr? where, L bit, L truths, L unknown)
    {
        L body = L.OrAssign(truths, bit);
        if (where is not null)
        {
            var condition = Lower(where);
            var known = L.Variable(condition.Type);
            body = condition.Type == typeof(bool) ? L.IfThen(condition, body) : L.Block([known],
                L.Assign(known, condition),
                L.IfThenElse(L.Property(known, "HasValue"), L.IfThen(L.Call(known, "GetValueOrDefault", null), body), L.OrAssign(unknown, bit)));
        }
        return stream is null ? body : L.IfThen(L.ReferenceNotEqual(_typed[stream.ClrType], L.Constant(null)), body);
    }

    /// <summary>Compiles any part of a condition, to tell its value; the candidate must be of the type whose fields it reads.</summary>
    public static ValueCode Value(Expr e, RegisterLayout layout)
    {
        var compiler = new ExpressionCompiler(layout);
        return L.Lambda<ValueCode>(L.Convert(compiler.Lower(e), typeof(object)), compiler._candidate, compiler._timeMs, compiler._registers).Compile();
    }

    /// <summary>Compiles a measure.</summary>
    public static MeasureCode Measure(Expr value, RegisterLayout layout)
    {
        var compiler = new ExpressionCompiler(layout);
        // A measure has no candidate: its now() is the moment at which the match became certain.
        var body = L.Block([compiler._timeMs],
            L.Assign(compiler._timeMs, L.Property(compiler._facts, nameof(MatchFacts.DetectedMs))),
            L.Convert(compiler.Lower(value), typeof(object)));
        return L.Lambda<MeasureCode>(body, compiler._registers, compiler._facts).Compile();
    }

    private static L AsTruth(L condition) => condition.Type == typeof(bool)
        ? L.Condition(condition, L.Constant(Truth.True), L.Constant(Truth.False))
        : L.Call(typeof(FunctionCode), nameof(FunctionCode.AsTruth), null, condition);

    /// <summary>The value in the CLR type of its kind, or in its <see cref="Nullable{T}"/> where it may be null.</summary>
    private L Lower(Expr e) => e switch
    {
        LiteralExpr { Value: null } l => L.Default(Nullable(l.Kind.ClrType())),
        LiteralExpr l => L.Constant(l.Value, l.Kind.ClrType()),
        FieldExpr f => f.Field.Read(_typed.TryGetValue(f.EventType.ClrType, out var typed) ? typed : L.Convert(_candidate, f.EventType.ClrType)),
        StepFieldExpr f => StepField(f),
        StepAggregateExpr a => Aggregate(a),
        ConvertExpr c => Widen(Lower(c.Operand), c.Kind),
        UnaryExpr { Operator: UnaryOperator.Not } u => L.Not(Lower(u.Operand)),
        UnaryExpr u => L.NegateChecked(Lower(u.Operand)),
        BinaryExpr b => Binary(b),
        IsNullExpr n => IsNull(Lower(n.Operand)),
        InExpr i => In(i),
        InListExpr { List.Type: ListType.Cidr } i => Code(nameof(FunctionCode.InAddresses), L.Constant(i.List.SetOf(ValueKind.String)), Lower(i.Operand)),
        InListExpr i => Member(Lower(i.Operand), i.Operand.Kind, i.List.SetOf(i.Operand.Kind)),
        ConditionalExpr c => Conditional(c),
        CallExpr { Function: Function.Coalesce or Function.Greatest or Function.Least } c => OfMany(c),
        CallExpr c => Call(c),
        MatchFactExpr f => Fact(f),
        OpaqueExpr o => L.Invoke(L.Constant(o.Code), _candidate, o.ReadsTaken ? TakenLogOf(_registers) : L.Constant(null, typeof(TakenLog))),
        _ => throw new InvalidOperationException($"Unknown kind of expression: {e.GetType().Name}."),
    };

    // ---- what a run remembers

    private L StepField(StepFieldExpr f)
    {
        var taken = L.Variable(f.EventType.ClrType, "taken");
        var value = f.Field.Read(taken);
        var type = Nullable(value.Type);
        return L.Block([taken],
            L.Assign(taken, L.Convert(RegisterLayout.Slots(_registers, nameof(Registers.Objects), _layout.EventSlot(f)), taken.Type)),
            L.Condition(L.ReferenceEqual(taken, L.Constant(null)), L.Default(type), L.Convert(value, type)));
    }

    private L Aggregate(StepAggregateExpr a)
    {
        if (a.Aggregate == AggregateKind.Count)
            return RegisterLayout.Slots(_registers, nameof(Registers.Longs), _layout.CountSlot(a.Step));
        var slots = _layout.Slots(a);
        var count = RegisterLayout.Slots(_registers, nameof(Registers.Longs), slots.Count);
        if (a.Aggregate == AggregateKind.Distinct)
            return Code(nameof(FunctionCode.CountOf), RegisterLayout.Slots(_registers, nameof(Registers.Objects), slots.First));
        if (a.Aggregate == AggregateKind.StdDev)
            return Code(nameof(FunctionCode.StdDev), count, RegisterLayout.Slots(_registers, nameof(Registers.Doubles), slots.Second));

        var array = AggregateUpdate.Array(AggregateUpdate.Cell(a.Aggregate, a.Field!.Kind));
        L cell = RegisterLayout.Slots(_registers, array, slots.First);
        if (a.Aggregate is AggregateKind.Sum or AggregateKind.Avg && cell.Type == typeof(decimal))
            cell = L.Call(typeof(AggregateUpdate), nameof(AggregateUpdate.Checked), null, cell);
        if (a.Aggregate == AggregateKind.Sum)
            return L.ConvertChecked(cell, a.Kind.ClrType());
        var value = a.Aggregate != AggregateKind.Avg ? cell : L.ConvertChecked(L.Divide(cell, L.Convert(count, cell.Type)), a.Kind.ClrType());
        var type = Nullable(value.Type);
        return L.Condition(L.Equal(count, L.Constant(0L)), L.Default(type), L.Convert(value, type));
    }

    private L TakenLogOf(L registers) => L.Convert(RegisterLayout.Slots(registers, nameof(Registers.Objects), _layout.LogSlot), typeof(TakenLog));

    private L Fact(MatchFactExpr f) => f.Fact switch
    {
        MatchFact.Now => _timeMs,
        MatchFact.Start => L.Property(_facts, nameof(MatchFacts.StartMs)),
        MatchFact.End => L.Property(_facts, nameof(MatchFacts.EndMs)),
        MatchFact.Duration => L.SubtractChecked(L.Property(_facts, nameof(MatchFacts.EndMs)), L.Property(_facts, nameof(MatchFacts.StartMs))),
        MatchFact.Deadline => L.Property(_facts, nameof(MatchFacts.DeadlineMs)),
        MatchFact.Key => L.Property(_facts, nameof(MatchFacts.Key)),
        _ => throw new InvalidOperationException($"Unknown fact: {f.Fact}."),
    };

    // ---- operators

    private L Binary(BinaryExpr b)
    {
        var (left, right) = (Lower(b.Left), Lower(b.Right));
        if (b.Left.Kind == ValueKind.String)
            return Text(b, left, right);
        if (b.Operator is BinaryOperator.And or BinaryOperator.Or)
            return Logic(b, left, right);
        if (b.Kind == ValueKind.Duration || (b.Operator == BinaryOperator.Divide && b.Left.Kind == ValueKind.Duration))
            (left, right) = Scaled(b, left, right);
        (left, right) = Lift(left, right);
        L result = b.Operator switch
        {
            BinaryOperator.Equal => L.Equal(left, right, liftToNull: true, null),
            BinaryOperator.NotEqual => L.NotEqual(left, right, liftToNull: true, null),
            BinaryOperator.Less => L.LessThan(left, right, liftToNull: true, null),
            BinaryOperator.LessOrEqual => L.LessThanOrEqual(left, right, liftToNull: true, null),
            BinaryOperator.Greater => L.GreaterThan(left, right, liftToNull: true, null),
            BinaryOperator.GreaterOrEqual => L.GreaterThanOrEqual(left, right, liftToNull: true, null),
            BinaryOperator.Add => L.AddChecked(left, right),
            BinaryOperator.Subtract => L.SubtractChecked(left, right),
            BinaryOperator.Multiply => L.MultiplyChecked(left, right),
            BinaryOperator.Divide => L.Divide(left, right),
            BinaryOperator.Remainder => L.Modulo(left, right),
            _ => throw new InvalidOperationException($"Unknown operator: {b.Operator}."),
        };
        // A span times or over a number that is no integer was computed as a double.
        return b.Kind == ValueKind.Duration && Underlying(result.Type) != typeof(long) ? ToLong(result) : result;
    }

    /// <summary>A span with a number: whole numbers stay exact, others make it a double; a span over a span is a ratio.</summary>
    private static (L Left, L Right) Scaled(BinaryExpr b, L left, L right)
    {
        var isRatio = b.Operator == BinaryOperator.Divide && b.Right.Kind == ValueKind.Duration;
        var isWhole = Underlying(left.Type) == typeof(long) && Underlying(right.Type) == typeof(long);
        return isRatio || !isWhole ? (To(left, typeof(double)), To(right, typeof(double))) : (left, right);
    }

    private static L Logic(BinaryExpr b, L left, L right)
    {
        var isAnd = b.Operator == BinaryOperator.And;
        if (left.Type == typeof(bool) && right.Type == typeof(bool))
            return isAnd ? L.AndAlso(left, right) : L.OrElse(left, right);
        // Unknown needs the other operand too; a plain comparison is never unknown, and cheaper than the text that mostly stands before it.
        if (right.Type == typeof(bool) && IsPlainComparison(b.Right))
            return isAnd ? L.Condition(right, left, No) : L.Condition(right, Yes, left);
        var first = L.Variable(typeof(bool?), "first");
        return L.Block([first],
            L.Assign(first, L.Convert(left, typeof(bool?))),
            L.Condition(
                L.Equal(first, isAnd ? No : Yes),
                first,
                isAnd ? L.And(first, L.Convert(right, typeof(bool?))) : L.Or(first, L.Convert(right, typeof(bool?)))));
    }

    /// <summary>Whether it only compares fields and constants: that costs next to nothing and cannot fail.</summary>
    private static bool IsPlainComparison(Expr e) =>
        e is BinaryExpr { Left.Kind: not ValueKind.String } b && (b.Operator.IsOrdering() || b.Operator.IsEquality()) && IsOperand(b.Left) && IsOperand(b.Right);

    private static bool IsOperand(Expr e) => e is FieldExpr or LiteralExpr or ConvertExpr { Operand: FieldExpr or LiteralExpr };

    private static L Text(BinaryExpr b, L left, L right) => b.Operator switch
    {
        BinaryOperator.Equal => Code(nameof(FunctionCode.TextEquals), left, right),
        BinaryOperator.NotEqual => L.Not(Code(nameof(FunctionCode.TextEquals), left, right)),
        BinaryOperator.Add => Code(nameof(FunctionCode.Concat), left, right),
        BinaryOperator.Contains => Code(nameof(FunctionCode.Contains), left, right),
        BinaryOperator.StartsWith => Code(nameof(FunctionCode.StartsWith), left, right),
        BinaryOperator.EndsWith => Code(nameof(FunctionCode.EndsWith), left, right),
        BinaryOperator.Matches => Code(nameof(FunctionCode.Matches), left, L.Constant(RegexOf((string)((LiteralExpr)b.Right).Value!))),
        BinaryOperator.Like => Code(nameof(FunctionCode.Matches), left, L.Constant(FunctionCode.LikeRegex((string)((LiteralExpr)b.Right).Value!))),
        _ => Compare(b.Operator, Code(nameof(FunctionCode.CompareText), left, right)),
    };

    private static L Compare(BinaryOperator op, L order)
    {
        var zero = L.Constant((int?)0, typeof(int?));
        return op switch
        {
            BinaryOperator.Less => L.LessThan(order, zero, liftToNull: true, null),
            BinaryOperator.LessOrEqual => L.LessThanOrEqual(order, zero, liftToNull: true, null),
            BinaryOperator.Greater => L.GreaterThan(order, zero, liftToNull: true, null),
            BinaryOperator.GreaterOrEqual => L.GreaterThanOrEqual(order, zero, liftToNull: true, null),
            _ => throw new InvalidOperationException($"Unknown operator on text: {op}."),
        };
    }

    /// <summary>The regular expression of a <c>matches</c>: matched in linear time.</summary>
    internal static Regex RegexOf(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private L In(InExpr i)
    {
        var items = i.Items.Select(ConstantOf).OfType<object>().ToList();
        if (items.Count == i.Items.Count)
            return Member(Lower(i.Operand), i.Operand.Kind, ValueSet.Of(i.Operand.Kind, items));
        // x in (a, b) is x == a or x == b, unknown included.
        return Lower(i.Items.Select(item => ExprFactory.Binary(BinaryOperator.Equal, i.Operand, item))
            .Aggregate((a, b) => ExprFactory.Binary(BinaryOperator.Or, a, b)));
    }

    /// <summary>The value of a constant that is not null, or of one in a wider kind; null for other expressions.</summary>
    private static object? ConstantOf(Expr e) => e switch
    {
        LiteralExpr l => l.Value,
        ConvertExpr { Operand: LiteralExpr { Value: { } value } } c => Convert.ChangeType(value, c.Kind.ClrType(), CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>Whether a set holds the value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="set">What <see cref="ValueSet.Of"/> makes in that kind.</param>
    private static L Member(L value, ValueKind kind, object set) => kind == ValueKind.String
        ? Code(nameof(FunctionCode.InTexts), L.Constant(set, typeof(FrozenSet<string>)), value)
        : L.Call(typeof(FunctionCode), nameof(FunctionCode.InValues), [kind.ClrType()], L.Constant(set, typeof(FrozenSet<>).MakeGenericType(kind.ClrType())), L.Convert(value, Nullable(kind.ClrType())));

    private L Conditional(ConditionalExpr c)
    {
        var condition = Lower(c.Condition);
        var (then, otherwise) = Lift(Lower(c.Then), Lower(c.Else));
        return L.Condition(condition.Type == typeof(bool) ? condition : L.Equal(condition, L.Constant((bool?)true, typeof(bool?))), then, otherwise);
    }

    // ---- functions

    private L OfMany(CallExpr c)
    {
        var arguments = c.Arguments.Select(Lower).ToList();
        if (arguments.Exists(a => IsNullable(a.Type)))
            arguments = arguments.ConvertAll(a => a.Type.IsValueType ? To(a, Nullable(a.Type)) : a);
        if (c.Function == Function.Coalesce)
            return arguments.AsEnumerable().Reverse().Aggregate((rest, a) => IsNullable(a.Type) ? L.Coalesce(a, rest) : a);
        var kind = c.Kind.ClrType();
        var method = (c.Function, kind == typeof(string)) switch
        {
            (Function.Greatest, true) => nameof(FunctionCode.GreatestText),
            (Function.Least, true) => nameof(FunctionCode.LeastText),
            (Function.Greatest, false) => nameof(FunctionCode.Greatest),
            _ => nameof(FunctionCode.Least),
        };
        return arguments.Aggregate((a, b) => L.Call(typeof(FunctionCode), method, kind == typeof(string) ? null : [kind],
            kind == typeof(string) ? a : To(a, Nullable(kind)), kind == typeof(string) ? b : To(b, Nullable(kind))));
    }

    /// <summary>Calls the function's code where no argument is null, else gives null.</summary>
    private L Call(CallExpr c)
    {
        var method = typeof(FunctionCode).GetMethods()
            .Single(m => m.Name == c.Function.ToString() && m.GetParameters().Select(p => p.ParameterType).SequenceEqual(c.Arguments.Select(a => a.Kind.ClrType())));
        var arguments = c.Arguments.Select(Lower).ToArray();
        var values = arguments.Select(a => L.Variable(a.Type)).ToArray();
        var assignments = values.Zip(arguments, (v, a) => (L)L.Assign(v, a));
        var call = L.Call(method, values.Zip(method.GetParameters(), (v, p) => v.Type == p.ParameterType ? (L)v : L.Property(v, "Value")));
        var nulls = values.Where(v => IsNullable(v.Type)).Select(IsNull).ToList();
        if (nulls.Count == 0)
            return L.Block(values, assignments.Append(call));
        var type = Nullable(call.Type);
        return L.Block(values, assignments.Append(L.Condition(nulls.Aggregate(L.OrElse), L.Default(type), L.Convert(call, type))));
    }

    private static L Code(string method, params L[] arguments) => L.Call(typeof(FunctionCode), method, null, arguments);

    // ---- null

    private static bool IsNullable(Type type) => !type.IsValueType || System.Nullable.GetUnderlyingType(type) is not null;

    private static Type Nullable(Type type) => IsNullable(type) ? type : typeof(Nullable<>).MakeGenericType(type);

    private static Type Underlying(Type type) => System.Nullable.GetUnderlyingType(type) ?? type;

    private static L IsNull(L value) => !IsNullable(value.Type) ? L.Block(value, L.Constant(false))
        : value.Type.IsValueType ? L.Not(L.Property(value, "HasValue"))
        : L.ReferenceEqual(value, L.Constant(null));

    private static (L Left, L Right) Lift(L left, L right) =>
        left.Type == right.Type ? (left, right) : (To(left, Nullable(left.Type)), To(right, Nullable(right.Type)));

    private static L Widen(L value, ValueKind kind) => To(value, kind.ClrType());

    /// <summary>Converts a number, keeping null.</summary>
    private static L To(L value, Type type)
    {
        var target = IsNullable(value.Type) ? Nullable(type) : type;
        return value.Type == target ? value : L.ConvertChecked(value, target);
    }

    private static L ToLong(L value) => L.ConvertChecked(value, IsNullable(value.Type) ? typeof(long?) : typeof(long));
}
