using System.Linq.Expressions;
using Cep.Events;
using L = System.Linq.Expressions.Expression;

namespace Cep.Conditions;

/// <summary>Reads what is constant in a lambda: literals, captured variables, their members, and arithmetic on those.</summary>
/// <remarks>
/// What may answer differently each time - a static property such as the current time, a call, a static field that can be assigned - is not constant.
/// Captured variables and their members are taken to be, and are read once.
/// </remarks>
internal static class CapturedValue
{
    private static readonly Type[] Spans = [typeof(TimeSpan), typeof(DateTimeOffset), typeof(DateTime), typeof(decimal)];

    public static bool TryRead(L e, out object? value)
    {
        var isConstant = IsConstant(e);
        value = !isConstant ? null
            : e is ConstantExpression constant ? constant.Value
            : L.Lambda<Func<object?>>(L.Convert(e, typeof(object))).Compile(preferInterpretation: true)();
        return isConstant;
    }

    /// <summary>The value as a literal; null where conditions cannot hold it exactly.</summary>
    public static Expr? Literal(object? value, Type type) => value switch
    {
        null => FieldConversion.TypeOf(type) is { } field ? ExprFactory.Null(ValueKinds.Of(field)) : null,
        bool or int or long or double or decimal or string => ExprFactory.Literal(value),
        byte or sbyte or short or ushort or uint => ExprFactory.Literal(Convert.ToInt64(value, null)),
        float single => ExprFactory.Literal((double)single),
        Enum name => ExprFactory.Literal(name.ToString()),
        TimeSpan span => IsWholeMs(span.Ticks) ? ExprFactory.DurationMs(FieldConversion.WholeMs(span)) : null,
        DateTimeOffset time => IsWholeMs(time.Ticks) ? ExprFactory.TimestampMs(time.ToUnixTimeMilliseconds()) : null,
        DateTime time => IsWholeMs(time.Ticks) ? ExprFactory.TimestampMs(FieldConversion.UnixMs(time)) : null,
        _ => null,
    };

    private static bool IsWholeMs(long ticks) => ticks % TimeSpan.TicksPerMillisecond == 0;

    private static bool IsConstant(L e) => e switch
    {
        ConstantExpression => true,
        MemberExpression { Expression: { } owner } => IsConstant(owner),
        MemberExpression { Member: System.Reflection.FieldInfo field } => field.IsInitOnly || field.IsLiteral,
        UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.Negate or ExpressionType.NegateChecked } u =>
            IsConstant(u.Operand),
        BinaryExpression
        {
            NodeType: ExpressionType.Add or ExpressionType.AddChecked or ExpressionType.Subtract or ExpressionType.SubtractChecked
                or ExpressionType.Multiply or ExpressionType.MultiplyChecked or ExpressionType.Divide,
        } b => IsConstant(b.Left) && IsConstant(b.Right),
        NewExpression n => Spans.Contains(n.Type) && n.Arguments.All(IsConstant),
        NewArrayExpression { NodeType: ExpressionType.NewArrayInit } a => a.Expressions.All(IsConstant),
        MethodCallExpression { Object: null } c => c.Method.DeclaringType == typeof(TimeSpan) && c.Arguments.All(IsConstant),
        _ => false,
    };
}
