using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;

namespace Cep.Events;

/// <summary>Emits a class for the events of a declared stream: sealed, one public field per declared field.</summary>
/// <remarks>
/// Timestamps and durations are <see cref="long"/> milliseconds, optional values <see cref="Nullable{T}"/>. Each built type lives in
/// a collectible assembly of its own, so a rule set that is replaced can be unloaded. Not thread-safe.
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

    /// <summary>Emits the class.</summary>
    public EventType Build()
    {
        // A stream's name may hold any character; a CLR type name may not.
        var typeName = string.Concat(_name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Cep.Streams." + typeName), AssemblyBuilderAccess.RunAndCollect);
        var builder = assembly.DefineDynamicModule("events").DefineType(typeName, TypeAttributes.Public | TypeAttributes.Sealed);
        foreach (var (name, type, isOptional) in _fields)
            builder.DefineField(name, FieldConversion.ClrTypeOf(type, isOptional), FieldAttributes.Public);
        builder.DefineDefaultConstructor(MethodAttributes.Public);
        var clr = builder.CreateType();
        var fields = _fields.Select((f, i) => new EventField(f.Name, i, f.Type, f.IsOptional, clr.GetField(f.Name)!));
        return new EventType(_name, clr, fields.ToImmutableArray());
    }
}
