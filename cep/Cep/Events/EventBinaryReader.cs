using System.Linq.Expressions;
using System.Reflection;

namespace Cep.Events;

/// <summary>Reads events that <see cref="EventBinaryWriter"/> wrote, by compiled code, also where the type has changed since.</summary>
/// <remarks>
/// Fields are found by name. One that the type no longer has is passed over; one that it has gained must be optional, and is null. Members of the
/// class that are no fields have the value that the constructor gives them. Thread-safe.
/// </remarks>
internal sealed class EventBinaryReader
{
    private readonly Func<EventBinaryInput, object> _read;

    /// <summary>A reader of events of a type.</summary>
    /// <param name="written">What the type was when they were written.</param>
    /// <param name="type">What it is now.</param>
    /// <exception cref="InvalidDataException">The type has changed so that its old events are none of it any more.</exception>
    /// <exception cref="ArgumentException">Events of the class cannot be made: no constructor without parameters, or a field that cannot be set.</exception>
    public EventBinaryReader(EventBinarySchema written, EventType type)
    {
        Check(written, type);
        if (type.ClrType.GetConstructor(System.Type.EmptyTypes) is null)
            throw new ArgumentException($"Events of the class `{type.ClrType.Name}` cannot be read back: it has no public constructor without parameters.", nameof(type));
        _read = Compile(written, type);
    }

    /// <summary>Reads an event.</summary>
    /// <exception cref="InvalidDataException">The bytes are no event of the type.</exception>
    public object Read(EventBinaryInput input) => _read(input);

    /// <summary>In which form a field's values are written: the name of the method for it.</summary>
    public static string Form(FieldType type) => type switch
    {
        FieldType.Bool => nameof(EventBinaryInput.Bool),
        FieldType.Int or FieldType.Long or FieldType.Timestamp or FieldType.Duration => nameof(EventBinaryInput.Long),
        FieldType.Double => nameof(EventBinaryInput.Double),
        FieldType.Decimal => nameof(EventBinaryInput.Decimal),
        FieldType.String => nameof(EventBinaryInput.String),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    private static void Check(EventBinarySchema written, EventType type)
    {
        foreach (var old in written.Fields)
        {
            if (!type.TryGetField(old.Name, out var now))
                continue;
            if (now.Type != old.Type)
                throw new InvalidDataException($"The field `{old.Name}` of `{type.Name}` was written as {Name(old.Type)} and is {Name(now.Type)} now.");
            if (old.IsOptional && !now.IsOptional)
                throw new InvalidDataException($"The field `{old.Name}` of `{type.Name}` was optional when it was written and is required now.");
        }
        var names = written.Fields.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        if (type.Fields.FirstOrDefault(f => !f.IsOptional && !names.Contains(f.Name)) is { } gained)
            throw new InvalidDataException($"The field `{gained.Name}` of `{type.Name}` is required, and the events written have none.");

        static string Name(FieldType type) => type.ToString().ToLowerInvariant();
    }

    private static Func<EventBinaryInput, object> Compile(EventBinarySchema written, EventType type)
    {
        var input = Expression.Parameter(typeof(EventBinaryInput), "input");
        var instance = Expression.Variable(type.ClrType, "instance");
        var optional = written.Fields.Where(f => f.IsOptional).ToArray();
        var nulls = Enumerable.Range(0, (optional.Length + 7) / 8).Select(i => Expression.Variable(typeof(byte), "nulls" + i)).ToArray();
        var body = new List<Expression> { Expression.Assign(instance, Expression.New(type.ClrType)) };
        foreach (var eight in nulls)
            body.Add(Expression.Assign(eight, Expression.Call(input, nameof(EventBinaryInput.Byte), null)));
        foreach (var field in written.Fields)
        {
            var read = Expression.Call(input, Form(field.Type), null);
            var take = type.TryGetField(field.Name, out var now) ? Assign(instance, now, read) : read;
            if (!field.IsOptional)
            {
                body.Add(take);
                continue;
            }
            var at = Array.IndexOf(optional, field);
            var bit = Expression.And(Expression.Convert(nulls[at / 8], typeof(int)), Expression.Constant(1 << at % 8));
            body.Add(Expression.IfThen(Expression.Equal(bit, Expression.Constant(0)), take));
        }
        body.Add(Expression.Convert(instance, typeof(object)));
        return Expression.Lambda<Func<EventBinaryInput, object>>(Expression.Block([instance, .. nulls], body), input).Compile();
    }

    private static Expression Assign(Expression instance, EventField field, Expression read)
    {
        if (field.Member is FieldInfo { IsInitOnly: true } or PropertyInfo { SetMethod: not { IsPublic: true } })
        {
            throw new ArgumentException($"Events of the class `{field.Member.DeclaringType!.Name}` cannot be read back: "
                + $"its member `{field.Name}` cannot be set from outside. Give it a public setter.", nameof(field));
        }
        var member = Expression.MakeMemberAccess(instance, field.Member);
        var type = Nullable.GetUnderlyingType(member.Type) ?? member.Type;
        if (type.IsEnum)
            return Expression.Assign(member, Expression.Convert(Expression.Call(typeof(EventBinaryReader), nameof(Member), [type], read), member.Type));
        if (type == read.Type)
            return Expression.Assign(member, FieldConversion.FromKind(read, member.Type));
        return Expression.Assign(member, Expression.Call(typeof(EventBinaryReader), nameof(Convert), [read.Type, member.Type], read, Converter(read.Type, member.Type)));
    }

    /// <summary>A value of an enumeration by its name, or by its number where it has no name.</summary>
    internal static TEnum Member<TEnum>(string name)
        where TEnum : struct, Enum =>
        Enum.TryParse<TEnum>(name, out var value) ? value : throw new InvalidDataException($"`{name}` is no {typeof(TEnum).Name} any more.");

    internal static TMember Convert<TValue, TMember>(TValue value, Func<TValue, TMember> convert)
    {
        try
        {
            return convert(value);
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException($"{value} is out of the range of a field.", e);
        }
    }

    private static ConstantExpression Converter(Type value, Type member)
    {
        var parameter = Expression.Parameter(value, "value");
        return Expression.Constant(Expression.Lambda(Expression.GetFuncType(value, member), FieldConversion.FromKind(parameter, member), parameter).Compile());
    }
}
