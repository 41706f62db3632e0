using System.Collections.Immutable;
using Cep.Events;
using L = System.Linq.Expressions.Expression;

namespace Cep.Conditions;

/// <summary>How one more value changes the slots of an aggregate. Null values change nothing.</summary>
internal static class AggregateUpdate
{
    public static L Of(AggregateKind kind, EventField field, RegisterLayout.AggregateSlots slots, L taken, L registers)
    {
        var value = L.Variable(field.Kind.ClrType(), "value");
        var read = field.Read(taken);
        var count = RegisterLayout.Slots(registers, nameof(Registers.Longs), slots.Count);
        var update = Fold(kind, field.Kind, slots, value, registers);
        var fold = L.Block([value],
            L.Assign(value, read.Type == value.Type ? read : L.Property(read, "Value")),
            update,
            L.PreIncrementAssign(count));
        if (field.Kind == ValueKind.String)
            return L.IfThen(L.ReferenceNotEqual(read, L.Constant(null)), fold);
        return read.Type == value.Type ? fold : L.IfThen(L.Property(read, "HasValue"), fold);
    }

    /// <summary>The kind in which an aggregate is kept: whole numbers are summed as decimals, so that only reading a sum can overflow.</summary>
    public static ValueKind Cell(AggregateKind kind, ValueKind field) =>
        kind is AggregateKind.Sum or AggregateKind.Avg && field != ValueKind.Double ? ValueKind.Decimal : field;

    /// <summary>The slot array that holds values of a kind.</summary>
    public static string Array(ValueKind kind) => kind switch
    {
        ValueKind.Double => nameof(Registers.Doubles),
        ValueKind.Decimal => nameof(Registers.Decimals),
        _ => nameof(Registers.Longs),
    };

    private static L Fold(AggregateKind kind, ValueKind field, RegisterLayout.AggregateSlots slots, L value, L registers)
    {
        var count = RegisterLayout.Slots(registers, nameof(Registers.Longs), slots.Count);
        if (kind == AggregateKind.Distinct)
        {
            var set = RegisterLayout.Slots(registers, nameof(Registers.Objects), slots.First);
            return L.Assign(set, L.Call(typeof(AggregateUpdate), nameof(With), null, set, L.Convert(value, typeof(object))));
        }
        if (kind == AggregateKind.StdDev)
        {
            return L.Call(typeof(AggregateUpdate), nameof(Welford), null,
                registers, count, L.Constant(slots.First), L.Constant(slots.Second), L.Convert(value, typeof(double)));
        }
        var cell = RegisterLayout.Slots(registers, Array(Cell(kind, field)), slots.First);
        return kind switch
        {
            AggregateKind.Sum or AggregateKind.Avg when cell.Type == typeof(double) => L.Assign(cell, L.Add(cell, value)),
            AggregateKind.Sum or AggregateKind.Avg => L.Assign(cell, L.Call(typeof(AggregateUpdate), nameof(Plus), null, cell, L.Convert(value, typeof(decimal)))),
            AggregateKind.Min => L.IfThen(L.OrElse(IsFirst(), L.LessThan(value, cell)), L.Assign(cell, value)),
            AggregateKind.Max => L.IfThen(L.OrElse(IsFirst(), L.GreaterThan(value, cell)), L.Assign(cell, value)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

        L IsFirst() => L.Equal(count, L.Constant(0L));
    }

    /// <summary>A sum that left the range of decimal; reading it is an overflow.</summary>
    internal const decimal Overflown = decimal.MaxValue;

    internal static decimal Plus(decimal sum, decimal value)
    {
        if (sum == Overflown)
            return sum;
        try
        {
            return sum + value;
        }
        catch (OverflowException)
        {
            return Overflown;
        }
    }

    internal static decimal Checked(decimal sum) => sum == Overflown ? throw new OverflowException("The sum is out of range.") : sum;

    internal static object With(object? set, object value) => ((ImmutableHashSet<object>?)set ?? []).Add(value);

    /// <summary>One step of the running mean and sum of squared distances (Welford 1962).</summary>
    internal static void Welford(Registers registers, long countBefore, int mean, int squares, double value)
    {
        var delta = value - registers.Doubles[mean];
        registers.Doubles[mean] += delta / (countBefore + 1);
        registers.Doubles[squares] += delta * (value - registers.Doubles[mean]);
    }
}
