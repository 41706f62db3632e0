using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cep.Conditions;

/// <summary>What the values of a list are.</summary>
public enum ListType
{
    /// <summary>CLR <see cref="bool"/>.</summary>
    Bool,

    /// <summary>32-bit integers; CLR <see cref="long"/>.</summary>
    Int,

    /// <summary>CLR <see cref="long"/>.</summary>
    Long,

    /// <summary>CLR <see cref="double"/>; finite.</summary>
    Double,

    /// <summary>CLR <see cref="decimal"/>.</summary>
    Decimal,

    /// <summary>CLR <see cref="string"/>, compared by ordinal value.</summary>
    String,

    /// <summary>Blocks of Internet addresses as text, such as <c>10.0.0.0/8</c>, <c>2001:db8::/32</c> or one address; a text is in the list where it is an address in one of them.</summary>
    Cidr,
}

/// <summary>A named list of values that conditions ask for membership.</summary>
/// <remarks>Immutable. It may be empty: then nothing is in it. How it was declared, in a rule file or in a file of its own, is not part of it.</remarks>
public sealed class ValueList
{
    private readonly ConcurrentDictionary<ValueKind, object> _sets = [];
    private readonly Lazy<string> _fingerprint;

    /// <summary>Makes a list.</summary>
    /// <param name="name">Unique in the rule set.</param>
    /// <param name="type">What the values are.</param>
    /// <param name="values">The values, in the CLR type that <paramref name="type"/> names; one that equals an earlier one is left out.</param>
    /// <exception cref="ArgumentException">A value is of another type, or no value of it.</exception>
    public ValueList(string name, ListType type, IEnumerable<object> values)
    {
        (Name, Type, Values) = (name, type, values.Distinct().ToArray());
        if (Values.FirstOrDefault(v => !IsOf(type, v)) is { } wrong)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"`{wrong}` is no value of a list of {type.Name()}."), nameof(values));
        _fingerprint = new Lazy<string>(FindFingerprint);
    }

    /// <summary>The name, without the <c>@</c> before it in conditions.</summary>
    public string Name { get; }

    /// <summary>What the values are.</summary>
    public ListType Type { get; }

    /// <summary>The values, each once, in the order given.</summary>
    public IReadOnlyList<object> Values { get; }

    /// <summary>The kind of what is looked for in the list: of a list of blocks of addresses a text.</summary>
    public ValueKind Kind => Type.Kind();

    /// <summary>Tells the contents apart, whatever their order: 32 hexadecimal digits, the same on every machine and in every version.</summary>
    internal string Fingerprint => _fingerprint.Value;

    /// <summary>The values as a set in which a value of a kind is looked up: numbers may be asked for in a wider kind than their own. Made once.</summary>
    internal object SetOf(ValueKind kind) => _sets.GetOrAdd(kind, MakeSet);

    private object MakeSet(ValueKind kind) => Type == ListType.Cidr
        ? new AddressSet(Values.Cast<string>().Select(AddressBlock.Parse))
        : ValueSet.Of(kind, Values.Select(v => Convert.ChangeType(v, kind.ClrType(), CultureInfo.InvariantCulture)));

    private static bool IsOf(ListType type, object value) => type switch
    {
        ListType.Int => value is long and >= int.MinValue and <= int.MaxValue,
        ListType.Double => value is double number && double.IsFinite(number),
        ListType.Cidr => value is string text && AddressBlock.TryParse(text, out _, out _),
        _ => type.Kind().ClrType().IsInstanceOfType(value),
    };

    private string FindFingerprint()
    {
        IEnumerable<string> texts = Type == ListType.Cidr ? [((AddressSet)SetOf(Kind)).ToString()] : Values.Select(TextOf).Order(StringComparer.Ordinal);
        var text = string.Concat(texts.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Length}`{t}`")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Type} {text}"))[..16]);
    }

    private static string TextOf(object value) => value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

/// <summary>Facts about types of lists.</summary>
internal static class ListTypes
{
    /// <summary>The word of rule text.</summary>
    public static string Name(this ListType type) => type.ToString().ToLowerInvariant();

    /// <summary>The kind of what is looked for in a list of the type.</summary>
    public static ValueKind Kind(this ListType type) => type switch
    {
        ListType.Bool => ValueKind.Bool,
        ListType.Int or ListType.Long => ValueKind.Long,
        ListType.Double => ValueKind.Double,
        ListType.Decimal => ValueKind.Decimal,
        ListType.String or ListType.Cidr => ValueKind.String,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}

/// <summary>Sets of constants, made once and asked often.</summary>
internal static class ValueSet
{
    /// <summary>A <see cref="FrozenSet{T}"/> of values in the CLR type of a kind.</summary>
    public static object Of(ValueKind kind, IEnumerable<object> values) => kind switch
    {
        ValueKind.Bool => values.Cast<bool>().ToFrozenSet(),
        ValueKind.Long or ValueKind.Timestamp or ValueKind.Duration => values.Cast<long>().ToFrozenSet(),
        ValueKind.Double => values.Cast<double>().ToFrozenSet(),
        ValueKind.Decimal => values.Cast<decimal>().ToFrozenSet(),
        ValueKind.String => values.Cast<string>().ToFrozenSet(StringComparer.Ordinal),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
