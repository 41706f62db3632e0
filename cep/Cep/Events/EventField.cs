using System.Linq.Expressions;
using System.Reflection;
using Cep.Conditions;

namespace Cep.Events;

/// <summary>One field of an <see cref="EventType"/>: its name and type, and how it is read from the event object.</summary>
public sealed class EventField
{
    private readonly Lazy<MemberInfo> _member;

    internal EventField(string name, int index, FieldType type, bool isOptional, Lazy<MemberInfo> member)
    {
        Name = name;
        Index = index;
        Type = type;
        IsOptional = isOptional;
        _member = member;
    }

    /// <summary>The name in rule text and on the wire; case-sensitive.</summary>
    public string Name { get; }

    /// <summary>The position among the fields of the type, from 0, in order of declaration.</summary>
    public int Index { get; }

    /// <summary>The declared type.</summary>
    public FieldType Type { get; }

    /// <summary>Whether the field may be missing or null in an event.</summary>
    public bool IsOptional { get; }

    /// <summary>The kind in which conditions compute with the field.</summary>
    public ValueKind Kind => ValueKinds.Of(Type);

    /// <summary>Compiles the reading of event time: a function from an event to the field's Unix milliseconds.</summary>
    /// <exception cref="InvalidOperationException">The field is not a timestamp, or optional.</exception>
    public Func<object, long> CompileTimeMs()
    {
        if (Type != FieldType.Timestamp || IsOptional)
            throw new InvalidOperationException($"Event time is read from a required timestamp, not from `{this}`.");
        var e = Expression.Parameter(typeof(object), "e");
        return Expression.Lambda<Func<object, long>>(Read(Expression.Convert(e, Member.DeclaringType!)), e).Compile();
    }

    /// <summary>The member of the CLR class that holds the field.</summary>
    internal MemberInfo Member => _member.Value;

    /// <summary>Whether the member can hold null by its type and annotation; one without annotation can.</summary>
    internal bool MayBeNull()
    {
        var nullability = new NullabilityInfoContext();
        return IsOptional && (Member is PropertyInfo p ? nullability.Create(p) : nullability.Create((FieldInfo)Member)).ReadState != NullabilityState.NotNull;
    }

    /// <summary>
    /// The field's value in the form of its <see cref="Kind"/>: the CLR type of the kind, or its <see cref="Nullable{T}"/> when the field is optional.
    /// </summary>
    internal Expression Read(Expression instance)
    {
        Expression value = Expression.MakeMemberAccess(instance, Member);
        var declared = value.Type;
        var underlying = Nullable.GetUnderlyingType(declared);
        if (declared == typeof(string))
            return value;
        if (underlying is null)
            return FieldConversion.ToKind(value, Kind);
        if (underlying == Kind.ClrType())
            return value;
        // An enumeration is text, and text needs no Nullable.
        var target = underlying.IsEnum ? typeof(string) : typeof(Nullable<>).MakeGenericType(Kind.ClrType());
        return Expression.Condition(
            Expression.Property(value, "HasValue"),
            Expression.Convert(FieldConversion.ToKind(Expression.Property(value, "Value"), Kind), target),
            Expression.Default(target));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type.ToString().ToLowerInvariant()}{(IsOptional ? "?" : "")}";
}
