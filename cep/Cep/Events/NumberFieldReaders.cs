using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace Cep.Events;

/// <summary>Reads <c>true</c> and <c>false</c>; as text also <c>1</c> and <c>0</c>, in any case.</summary>
internal sealed class BoolFieldReader(EventField field) : FieldReader<bool>(field)
{
    public override string Expected => "true or false";

    public override bool TryReadJson(ref Utf8JsonReader json, object target)
    {
        if (json.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            return false;
        Set(target, json.TokenType == JsonTokenType.True);
        return true;
    }

    public override bool TryReadText(ReadOnlySpan<byte> utf8, object target)
    {
        var isTrue = utf8.SequenceEqual("1"u8) || System.Text.Ascii.EqualsIgnoreCase(utf8, "true"u8);
        if (!isTrue && !utf8.SequenceEqual("0"u8) && !System.Text.Ascii.EqualsIgnoreCase(utf8, "false"u8))
            return false;
        Set(target, isTrue);
        return true;
    }
}

/// <summary>Reads whole numbers, without fraction or exponent, in the range of the declared type and of the member.</summary>
internal sealed class IntegerFieldReader : FieldReader<long>
{
    private readonly long _min;
    private readonly long _max;

    public IntegerFieldReader(EventField field) : base(field)
    {
        (_min, _max) = Type.GetTypeCode(MemberType(field)) switch
        {
            TypeCode.Byte => (byte.MinValue, byte.MaxValue),
            TypeCode.SByte => (sbyte.MinValue, sbyte.MaxValue),
            TypeCode.Int16 => (short.MinValue, short.MaxValue),
            TypeCode.UInt16 => (ushort.MinValue, ushort.MaxValue),
            TypeCode.Int32 => (int.MinValue, int.MaxValue),
            TypeCode.UInt32 => (uint.MinValue, uint.MaxValue),
            _ => (long.MinValue, long.MaxValue),
        };
        Expected = _min == long.MinValue ? "a whole number of 64 bits" : $"a whole number from {_min} to {_max}";
    }

    public override string Expected { get; }

    public override bool TryReadJson(ref Utf8JsonReader json, object target) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) && TrySet(target, value);

    public override bool TryReadText(ReadOnlySpan<byte> utf8, object target) =>
        Utf8Parser.TryParse(utf8, out long value, out var length) && length == utf8.Length && TrySet(target, value);

    private bool TrySet(object target, long value)
    {
        if (value < _min || value > _max)
            return false;
        Set(target, value);
        return true;
    }
}

/// <summary>Reads finite numbers of binary64, or binary32 for a member of type <see cref="float"/>; digits beyond it are rounded.</summary>
internal sealed class DoubleFieldReader(EventField field) : FieldReader<double>(field)
{
    private readonly double _max = MemberType(field) == typeof(float) ? float.MaxValue : double.MaxValue;

    public override string Expected => "a number";

    public override bool TryReadJson(ref Utf8JsonReader json, object target) =>
        json.TokenType == JsonTokenType.Number && json.TryGetDouble(out var value) && TrySet(target, value);

    public override bool TryReadText(ReadOnlySpan<byte> utf8, object target) =>
        double.TryParse(utf8, NumberText.Style, CultureInfo.InvariantCulture, out var value) && TrySet(target, value);

    private bool TrySet(object target, double value)
    {
        // Not a number compares as false, so it is refused too.
        if (!(Math.Abs(value) <= _max))
            return false;
        Set(target, value);
        return true;
    }
}

/// <summary>Reads decimals exactly; digits beyond 28 are rounded.</summary>
internal sealed class DecimalFieldReader(EventField field) : FieldReader<decimal>(field)
{
    public override string Expected => "a decimal";

    public override bool TryReadJson(ref Utf8JsonReader json, object target)
    {
        if (json.TokenType != JsonTokenType.Number || !json.TryGetDecimal(out var value))
            return false;
        Set(target, value);
        return true;
    }

    public override bool TryReadText(ReadOnlySpan<byte> utf8, object target)
    {
        if (!decimal.TryParse(utf8, NumberText.Style, CultureInfo.InvariantCulture, out var value))
            return false;
        Set(target, value);
        return true;
    }
}

/// <summary>How numbers look as text: an optional sign, digits, fraction and exponent, without white space or separators of thousands.</summary>
file static class NumberText
{
    public const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
}
