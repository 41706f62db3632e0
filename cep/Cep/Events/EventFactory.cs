using System.Linq.Expressions;

namespace Cep.Events;

/// <summary>Makes events of a type for a reader: an empty event, the readers of its fields, and which fields it has been given.</summary>
/// <remarks>Not thread-safe: one event is made at a time.</remarks>
internal sealed class EventFactory
{
    private readonly Func<object> _create;
    private readonly FieldReader[] _fields;
    private readonly ulong[] _required;
    private readonly ulong[] _given;

    /// <exception cref="ArgumentException">The class has no public constructor without parameters, or a field cannot be set.</exception>
    public EventFactory(EventType type)
    {
        Type = type;
        if (type.ClrType.IsAbstract || type.ClrType.GetConstructor(System.Type.EmptyTypes) is not { } constructor)
        {
            throw new ArgumentException($"The class `{type.ClrType.Name}` cannot be read from a source: "
                + "it has no public constructor without parameters.", nameof(type));
        }
        _create = Expression.Lambda<Func<object>>(Expression.New(constructor)).Compile();
        _fields = type.Fields.Select(FieldReader.Of).ToArray();
        _required = new ulong[(_fields.Length + 63) / 64];
        _given = new ulong[_required.Length];
        foreach (var field in type.Fields.Where(f => !f.IsOptional))
            _required[field.Index >> 6] |= 1UL << (field.Index & 63);
    }

    public EventType Type { get; }

    /// <summary>In order of declaration.</summary>
    public ReadOnlySpan<FieldReader> Fields => _fields;

    /// <summary>Begins an event.</summary>
    public object New()
    {
        Array.Clear(_given);
        return _create();
    }

    /// <summary>Notes that the event has been given a field, or null for it.</summary>
    public void Given(int field) => _given[field >> 6] |= 1UL << (field & 63);

    /// <summary>The first required field that the event has not been given, or null.</summary>
    public EventField? Missing()
    {
        for (var i = 0; i < _required.Length; i++)
        {
            if ((_required[i] & ~_given[i]) is not 0 and var missing)
                return _fields[i * 64 + System.Numerics.BitOperations.TrailingZeroCount(missing)].Field;
        }
        return null;
    }
}
