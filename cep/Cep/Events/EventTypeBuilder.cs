using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;

namespace Cep.Events;

/// <summary>Emits a class for the events of a declared stream: sealed, one public field per declared field.</summary>
/// <remarks>
/// Timestamps and durations are <see cref="long"/> milliseconds, optional values <see cref="Nullable{T}"/>. Equal declarations have one type for as long as
/// anyone uses it. Each type lives in a collectible assembly of its own, so a rule set that is replaced can be unloaded. Not thread-safe.
/// </remarks>
public sealed class EventTypeBuilder
{
    private readonly string _name;
    private readonly List<(string Name, FieldType Type, bool IsOptional)> _fields = [];

    /// <summary>Starts the type of the stream called <paramref name="name"/>.</summary>
    public EventTypeBuilder(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _name = name;
    }

    /// <summary>Adds a field.</summary>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public EventTypeBuilder Field(string name, FieldType type, bool isOptional = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_fields.Any(f => f.Name == name))
            throw new ArgumentException($"The stream `{_name}` has a field `{name}` already.", nameof(name));
        _fields.Add((name, type, isOptional));
        return this;
    }

    /// <summary>The event type; its class is emitted when it is first asked for, so that rules can be checked without.</summary>
    public EventType Build()
    {
        var declared = _fields.ToImmutableArray();
        return EventTypeCache.Of(_name, declared, () => Make(_name, declared));
    }

    private static EventType Make(string name, ImmutableArray<(string Name, FieldType Type, bool IsOptional)> declared)
    {
        var clr = new Lazy<Type>(() => Emit(name, declared));
        var fields = declared.Select((f, i) => new EventField(f.Name, i, f.Type, f.IsOptional, new Lazy<MemberInfo>(() => clr.Value.GetField(f.Name)!)));
        return new EventType(name, clr, fields.ToImmutableArray());
    }

    private static Type Emit(string name, ImmutableArray<(string Name, FieldType Type, bool IsOptional)> fields)
    {
        // A stream's name may hold any character; a CLR type name may not.
        var typeName = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Cep.Streams." + typeName), AssemblyBuilderAccess.RunAndCollect);
        var builder = assembly.DefineDynamicModule("events").DefineType(typeName, TypeAttributes.Public | TypeAttributes.Sealed);
        foreach (var (field, type, isOptional) in fields)
            builder.DefineField(field, FieldConversion.ClrTypeOf(type, isOptional), FieldAttributes.Public);
        builder.DefineDefaultConstructor(MethodAttributes.Public);
        return builder.CreateType();
    }
}
