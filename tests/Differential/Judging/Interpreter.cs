using System.Reflection;
using Cep.Conditions;
using Cep.Events;

namespace Cep.Differential.Judging;

/// <summary>Evaluates conditions in the plainest way: by walking the expression and the list of events taken, every time.</summary>
/// <param name="events">The events of the key.</param>
internal sealed class Interpreter(IReadOnlyList<object> events)
{
    /// <summary>The answers of conditions that read the event alone, by event; null for those that read what has been taken.</summary>
    private readonly Dictionary<Expr, bool?[]?> _ofEvent = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(EventField, int), object?> _values = [];

    /// <summary>Whether an event is of a stream and a condition is true of it; a condition that is null or fails in arithmetic is not.</summary>
    /// <param name="taken">What has been taken before; null for nothing.</param>
    public bool Holds(EventType? stream, Expr? where, int candidate, Chain? taken)
    {
        if (stream is not null && !stream.ClrType.IsInstanceOfType(events[candidate]))
            return false;
        if (where is null)
            return true;
        if (!_ofEvent.TryGetValue(where, out var answers))
            _ofEvent[where] = answers = where.StepsRead.Any() ? null : new bool?[events.Count];
        return answers is null ? Holds(where, candidate, taken) : answers[candidate] ??= Holds(where, candidate, taken);
    }

    private bool Holds(Expr where, int candidate, Chain? taken)
    {
        try
        {
            return Value(where, candidate, taken) is true;
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException)
        {
            return false;
        }
    }

    private object? Value(Expr e, int candidate, Chain? taken) => e switch
    {
        LiteralExpr l => l.Value,
        FieldExpr f => Read(f.Field, candidate),
        StepFieldExpr f => TakenBy(f.Step, taken) is var its && (f.Index < 0 ? its.Count + f.Index : f.Index) is var at && at >= 0 && at < its.Count ? Read(f.Field, its[at]) : null,
        StepAggregateExpr a => Aggregate(a, TakenBy(a.Step, taken)),
        UnaryExpr { Operator: UnaryOperator.Not } u => Value(u.Operand, candidate, taken) is bool b ? !b : null,
        UnaryExpr u => Value(u.Operand, candidate, taken) switch { long l => checked(-l), double d => -d, decimal m => -m, _ => null },
        BinaryExpr b => Binary(b.Operator, Value(b.Left, candidate, taken), Value(b.Right, candidate, taken)),
        ConvertExpr c => Convert(Value(c.Operand, candidate, taken), c.Kind),
        IsNullExpr n => Value(n.Operand, candidate, taken) is null,
        InExpr i => In(Value(i.Operand, candidate, taken), i.Items.Select(item => Value(item, candidate, taken)).ToArray()),
        ConditionalExpr c => Value(Value(c.Condition, candidate, taken) is true ? c.Then : c.Else, candidate, taken),
        _ => throw new NotSupportedException($"The judge does not know {e.GetType().Name}."),
    };

    private static List<int> TakenBy(string step, Chain? taken) =>
        taken?.Taken.Where(t => t.Step.Name == step).Select(t => t.Event).ToList() ?? [];

    private object? Read(EventField field, int at)
    {
        if (!_values.TryGetValue((field, at), out var value))
            _values[(field, at)] = value = ReadNow(field, at);
        return value;
    }

    private object? ReadNow(EventField field, int at)
    {
        var e = events[at];
        var value = field.Member is PropertyInfo p ? p.GetValue(e) : ((FieldInfo)field.Member).GetValue(e);
        return value switch
        {
            int i => (long)i,
            DateTime t => (long)(t - DateTime.UnixEpoch).TotalMilliseconds,
            null or bool or long or double or decimal or string => value,
            _ => throw new NotSupportedException($"The judge does not read a {value.GetType().Name}."),
        };
    }

    private object? Aggregate(StepAggregateExpr a, List<int> its)
    {
        if (a.Aggregate == AggregateKind.Count)
            return (long)its.Count;
        var values = its.Select(at => Read(a.Field!, at)).Where(v => v is not null).ToArray();
        if (values.Length == 0)
            return a.Aggregate == AggregateKind.Sum ? Convert(0L, a.Kind) : null;
        return a.Aggregate switch
        {
            AggregateKind.Sum => values.Aggregate((x, y) => Binary(BinaryOperator.Add, x, y)),
            AggregateKind.Min => values.Min(),
            AggregateKind.Max => values.Max(),
            AggregateKind.Avg when a.Field!.Kind == ValueKind.Decimal => values.Sum(v => (decimal)v!) / values.Length,
            AggregateKind.Avg => values.Sum(v => System.Convert.ToDouble(v, null)) / values.Length,
            _ => throw new NotSupportedException($"The judge does not know {a.Aggregate}."),
        };
    }

    private static object? Convert(object? value, ValueKind kind) => (value, kind) switch
    {
        (null, _) => null,
        (_, ValueKind.Double) => System.Convert.ToDouble(value, null),
        (_, ValueKind.Decimal) => System.Convert.ToDecimal(value, null),
        _ => value,
    };

    private static object? In(object? value, object?[] items) =>
        value is null ? null : items.Contains(value) ? true : items.Contains(null) ? null : false;

    private static object? Binary(BinaryOperator op, object? left, object? right)
    {
        if (op == BinaryOperator.And)
            return left is false || right is false ? false : left is null || right is null ? null : true;
        if (op == BinaryOperator.Or)
            return left is true || right is true ? true : left is null || right is null ? null : false;
        if (left is null || right is null)
            return null;
        return op switch
        {
            BinaryOperator.Equal => left.Equals(right),
            BinaryOperator.NotEqual => !left.Equals(right),
            BinaryOperator.Less => Order(left, right) < 0,
            BinaryOperator.LessOrEqual => Order(left, right) <= 0,
            BinaryOperator.Greater => Order(left, right) > 0,
            BinaryOperator.GreaterOrEqual => Order(left, right) >= 0,
            _ => Arithmetic(op, left, right),
        };
    }

    private static int Order(object left, object right) => left is string a ? string.CompareOrdinal(a, (string)right) : ((IComparable)left).CompareTo(right);

    private static object Arithmetic(BinaryOperator op, object left, object right) => (op, left, right) switch
    {
        (BinaryOperator.Add, long a, long b) => checked(a + b),
        (BinaryOperator.Add, double a, double b) => a + b,
        (BinaryOperator.Add, decimal a, decimal b) => a + b,
        (BinaryOperator.Subtract, long a, long b) => checked(a - b),
        (BinaryOperator.Subtract, double a, double b) => a - b,
        (BinaryOperator.Subtract, decimal a, decimal b) => a - b,
        (BinaryOperator.Multiply, long a, long b) => checked(a * b),
        (BinaryOperator.Multiply, double a, double b) => a * b,
        (BinaryOperator.Multiply, decimal a, decimal b) => a * b,
        (BinaryOperator.Divide, long a, long b) => a / b,
        (BinaryOperator.Divide, double a, double b) => a / b,
        (BinaryOperator.Divide, decimal a, decimal b) => a / b,
        (BinaryOperator.Remainder, long a, long b) => a % b,
        (BinaryOperator.Remainder, double a, double b) => a % b,
        (BinaryOperator.Remainder, decimal a, decimal b) => a % b,
        _ => throw new NotSupportedException($"The judge does not compute {left.GetType().Name} {op} {right.GetType().Name}."),
    };
}
