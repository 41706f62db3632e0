using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Cep.Conditions;

namespace Cep.Events;

/// <summary>Reads one field from its wire form, in JSON or as plain text, straight into the member of an event that holds it.</summary>
/// <remarks>What does not fit is an answer, never an exception. Not thread-safe: texts are kept to be given out again.</remarks>
internal abstract class FieldReader
{
    private const int LargestScratchKept = 65_536;

    private readonly Action<object>? _setNull;
    private byte[] _scratch = [];

    private protected FieldReader(EventField field)
    {
        Field = field;
        if (field.IsOptional)
            _setNull = CompileSetter<Action<object>>(field, null);
    }

    public EventField Field { get; }

    /// <summary>What fits, for messages: <c>a decimal</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Whether empty text is a value of the field, not null.</summary>
    public virtual bool TakesEmptyText => false;

    /// <summary>Takes the value at which the reader stands, which is not null.</summary>
    /// <returns>False when it does not fit; the event is then of no use.</returns>
    public abstract bool TryReadJson(ref Utf8JsonReader json, object target);

    /// <summary>Takes a text, such as a cell of a CSV record.</summary>
    /// <inheritdoc cref="TryReadJson" path="/returns"/>
    public abstract bool TryReadText(ReadOnlySpan<byte> utf8, object target);

    /// <summary>Takes null; false when the field is required.</summary>
    public bool TrySetNull(object target)
    {
        _setNull?.Invoke(target);
        return _setNull is not null;
    }

    /// <summary>The reader of a field.</summary>
    /// <exception cref="ArgumentException">The class gives no public way to set the field.</exception>
    public static FieldReader Of(EventField field)
    {
        var settable = field.Member is FieldInfo { IsInitOnly: false } or PropertyInfo { SetMethod.IsPublic: true };
        if (!settable)
        {
            throw new ArgumentException($"The class `{field.Member.DeclaringType!.Name}` cannot be read from a source: "
                + $"its member `{field.Name}` cannot be set from outside. Give it a public setter.", nameof(field));
        }
        var type = MemberType(field);
        return field.Type switch
        {
            FieldType.Bool => new BoolFieldReader(field),
            FieldType.Int or FieldType.Long => new IntegerFieldReader(field),
            FieldType.Double => new DoubleFieldReader(field),
            FieldType.Decimal => new DecimalFieldReader(field),
            FieldType.String when type.IsEnum => (FieldReader)Activator.CreateInstance(typeof(EnumFieldReader<>).MakeGenericType(type), field)!,
            FieldType.String => new StringFieldReader(field),
            FieldType.Timestamp => new TimestampFieldReader(field),
            FieldType.Duration => new DurationFieldReader(field),
            _ => throw new ArgumentOutOfRangeException(nameof(field), field.Type, null),
        };
    }

    /// <summary>The type of the member without its <see cref="Nullable{T}"/>.</summary>
    private protected static Type MemberType(EventField field)
    {
        var type = field.Member is PropertyInfo p ? p.PropertyType : ((FieldInfo)field.Member).FieldType;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    /// <summary>Compiles the assignment of a value, or of null where <paramref name="valueType"/> is null.</summary>
    private protected static TDelegate CompileSetter<TDelegate>(EventField field, Type? valueType)
        where TDelegate : Delegate
    {
        var target = Expression.Parameter(typeof(object), "target");
        var member = Expression.MakeMemberAccess(Expression.Convert(target, field.Member.DeclaringType!), field.Member);
        if (valueType is null)
            return Expression.Lambda<TDelegate>(Expression.Assign(member, Expression.Default(member.Type)), target).Compile();
        var value = Expression.Parameter(valueType, "value");
        return Expression.Lambda<TDelegate>(Expression.Assign(member, FieldConversion.FromKind(value, member.Type)), target, value).Compile();
    }

    /// <summary>The text of a JSON string; false for other tokens, and for half a surrogate pair, which is no text.</summary>
    private protected bool TryText(ref Utf8JsonReader json, out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (json.TokenType != JsonTokenType.String)
            return false;
        utf8 = json.ValueSpan;
        return !json.ValueIsEscaped || JsonText.TryUnescape(ref json, Scratch(utf8.Length), out utf8);
    }

    /// <summary>Room for a text without its escapes; valid until the next call.</summary>
    private byte[] Scratch(int length)
    {
        if (length > LargestScratchKept)
            return new byte[length];
        if (_scratch.Length < length)
            _scratch = new byte[Math.Max(length, 256)];
        return _scratch;
    }
}

/// <summary>A <see cref="FieldReader"/> whose values come in one CLR type.</summary>
internal abstract class FieldReader<T>(EventField field) : FieldReader(field)
{
    /// <summary>Assigns a value in the form of the field's <see cref="ValueKind"/>; it must be in the range of the member.</summary>
    private protected Action<object, T> Set { get; } = CompileSetter<Action<object, T>>(field, typeof(T));
}
