using System.Text.Json;

namespace Cep.Events;

/// <summary>Reads text; equal texts of the field are mostly one string.</summary>
internal sealed class StringFieldReader(EventField field) : FieldReader<string>(field)
{
    private readonly StringCache _cache = new();

    public override string Expected => "a string";

    public override bool TakesEmptyText => true;

    public override bool TryReadJson(ref Utf8JsonReader json, object target) => TryText(ref json, out var utf8) && TryReadText(utf8, target);

    public override bool TryReadText(ReadOnlySpan<byte> utf8, object target)
    {
        Set(target, _cache.Get(utf8));
        return true;
    }
}

/// <summary>Reads the exact name of a member of an enumeration.</summary>
internal sealed class EnumFieldReader<TEnum>(EventField field) : FieldReader<TEnum>(field)
    where TEnum : struct, Enum
{
    private readonly TEnum[] _values = Enum.GetValues<TEnum>();
    private readonly Utf8Names _names = new(Enum.GetNames<TEnum>());

    public override string Expected => "one of the strings " + string.Join(", ", Enum.GetNames<TEnum>().Select(n => $"\"{n}\""));

    public override bool TryReadJson(ref Utf8JsonReader json, object target) => TryText(ref json, out var utf8) && TryReadText(utf8, target);

    public override bool TryReadText(ReadOnlySpan<byte> utf8, object target)
    {
        var index = _names.Find(utf8);
        if (index < 0)
            return false;
        Set(target, _values[index]);
        return true;
    }
}
