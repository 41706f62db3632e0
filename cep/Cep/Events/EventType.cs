using System.Collections.Immutable;
using System.Reflection;

namespace Cep.Events;

/// <summary>
/// The shape of an event: named, typed fields over a CLR class. A user brings a class (<see cref="Of{T}"/>); a <c>stream</c> of a rule
/// file becomes a class emitted at run time (<see cref="EventTypeBuilder"/>). Conditions, readers and writers treat both alike.
/// </summary>
/// <remarks>Immutable and safe to share between threads. Compared by reference.</remarks>
public sealed class EventType
{
    private readonly Dictionary<string, EventField> _byName;
    private readonly Lazy<Type> _clrType;

    internal EventType(string name, Lazy<Type> clrType, ImmutableArray<EventField> fields)
    {
        Name = name;
        _clrType = clrType;
        Fields = fields;
        _byName = fields.ToDictionary(f => f.Name, StringComparer.Ordinal);
    }

    /// <summary>The stream's name, or the name of the CLR class.</summary>
    public string Name { get; }

    /// <summary>The class whose instances are the events.</summary>
    public Type ClrType => _clrType.Value;

    /// <summary>The fields in order of declaration.</summary>
    public ImmutableArray<EventField> Fields { get; }

    /// <summary>Finds a field by its exact name.</summary>
    public bool TryGetField(string name, out EventField field) => _byName.TryGetValue(name, out field!);

    /// <summary>The event type of a class: its public readable properties and public fields whose types have a <see cref="FieldType"/>.</summary>
    /// <remarks>Members of other types are left out. Nullable value types and strings are optional fields.</remarks>
    public static EventType Of<T>() where T : class => ClassEventType<T>.Instance;

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static class ClassEventType<T>
    {
        public static readonly EventType Instance = Reflect(typeof(T));
    }

    private static EventType Reflect(Type clr)
    {
        var fields = ImmutableArray.CreateBuilder<EventField>();
        foreach (var member in clr.GetMembers(BindingFlags.Instance | BindingFlags.Public))
        {
            var type = member switch
            {
                PropertyInfo { CanRead: true } p when p.GetIndexParameters().Length == 0 => p.PropertyType,
                FieldInfo f => f.FieldType,
                _ => null,
            };
            if (type is not null && FieldConversion.TypeOf(type) is { } fieldType)
                fields.Add(new EventField(member.Name, fields.Count, fieldType, !type.IsValueType || Nullable.GetUnderlyingType(type) is not null, new Lazy<MemberInfo>(member)));
        }
        return new EventType(clr.Name, new Lazy<Type>(clr), fields.ToImmutable());
    }
}
