using System.Linq.Expressions;
using System.Reflection;
using Cep.Conditions;

namespace Cep.Events;

/// <summary>How CLR types of a user's class map to field types, and how their values become the canonical form of a <see cref="ValueKind"/>.</summary>
internal static class FieldConversion
{
    private static readonly Dictionary<Type, FieldType> Types = new()
    {
        [typeof(bool)] = FieldType.Bool,
        [typeof(byte)] = FieldType.Int,
        [typeof(sbyte)] = FieldType.Int,
        [typeof(short)] = FieldType.Int,
        [typeof(ushort)] = FieldType.Int,
        [typeof(int)] = FieldType.Int,
        [typeof(uint)] = FieldType.Long,
        [typeof(long)] = FieldType.Long,
        [typeof(float)] = FieldType.Double,
        [typeof(double)] = FieldType.Double,
        [typeof(decimal)] = FieldType.Decimal,
        [typeof(string)] = FieldType.String,
        [typeof(DateTimeOffset)] = FieldType.Timestamp,
        [typeof(DateTime)] = FieldType.Timestamp,
        [typeof(TimeSpan)] = FieldType.Duration,
    };

    /// <summary>The field type of a CLR type, or null when members of that type are not fields.</summary>
    public static FieldType? TypeOf(Type clr)
    {
        var type = Nullable.GetUnderlyingType(clr) ?? clr;
        if (type.IsEnum)
            return FieldType.String;
        return Types.TryGetValue(type, out var field) ? field : null;
    }

    /// <summary>The CLR type of a field of an emitted class.</summary>
    public static Type ClrTypeOf(FieldType type, bool isOptional)
    {
        var clr = type == FieldType.Int ? typeof(int) : ValueKinds.Of(type).ClrType();
        return isOptional && clr.IsValueType ? typeof(Nullable<>).MakeGenericType(clr) : clr;
    }

    /// <summary>A member's value that is not null, in the form of its kind.</summary>
    public static Expression ToKind(Expression value, ValueKind kind)
    {
        if (value.Type == kind.ClrType())
            return value;
        if (value.Type == typeof(DateTimeOffset))
            return Expression.Call(value, nameof(DateTimeOffset.ToUnixTimeMilliseconds), null);
        if (value.Type == typeof(DateTime))
            return Expression.Call(Own(nameof(UnixMs)), value);
        if (value.Type == typeof(TimeSpan))
            return Expression.Call(Own(nameof(WholeMs)), value);
        if (value.Type.IsEnum)
            return Expression.Call(value, nameof(ToString), null);
        return Expression.Convert(value, kind.ClrType());
    }

    /// <summary>
    /// A value in the form of its kind, which a member of type <paramref name="member"/> can hold, as a value of that type: the reverse of
    /// <see cref="ToKind"/>.
    /// </summary>
    public static Expression FromKind(Expression value, Type member)
    {
        var type = Nullable.GetUnderlyingType(member) ?? member;
        if (type == typeof(DateTimeOffset))
            value = Expression.Call(typeof(DateTimeOffset), nameof(DateTimeOffset.FromUnixTimeMilliseconds), null, value);
        else if (type == typeof(DateTime))
            value = Expression.Call(Own(nameof(UtcTime)), value);
        else if (type == typeof(TimeSpan))
            value = Expression.Call(Own(nameof(Span)), value);
        else if (value.Type != type)
            value = Expression.ConvertChecked(value, type);
        return type == member ? value : Expression.Convert(value, member);
    }

    /// <summary>Unix milliseconds of a time; one without a kind is taken as UTC.</summary>
    internal static long UnixMs(DateTime time) =>
        new DateTimeOffset(time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time).ToUnixTimeMilliseconds();

    internal static long WholeMs(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMillisecond;

    internal static DateTime UtcTime(long ms) => DateTime.UnixEpoch.AddTicks(ms * TimeSpan.TicksPerMillisecond);

    internal static TimeSpan Span(long ms) => new(ms * TimeSpan.TicksPerMillisecond);

    private static MethodInfo Own(string name) => typeof(FieldConversion).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
}
