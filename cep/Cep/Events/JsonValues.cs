using System.Text.Json;
using Cep.Conditions;

namespace Cep.Events;

/// <summary>How values look in JSON. A method named after a <see cref="ValueKind"/> writes a value of that kind.</summary>
internal static class JsonValues
{
    public static void Bool(Utf8JsonWriter writer, bool value) => writer.WriteBooleanValue(value);

    public static void Long(Utf8JsonWriter writer, long value) => writer.WriteNumberValue(value);

    public static void Double(Utf8JsonWriter writer, double value)
    {
        // JSON has no infinity.
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }

    public static void Decimal(Utf8JsonWriter writer, decimal value) => writer.WriteNumberValue(value);

    public static void String(Utf8JsonWriter writer, string? value) => writer.WriteStringValue(value);

    public static void Timestamp(Utf8JsonWriter writer, long ms)
    {
        if (!TimestampText.IsInRange(ms))
        {
            writer.WriteNumberValue(ms);
            return;
        }
        Span<byte> utf8 = stackalloc byte[TimestampText.MaxLength];
        writer.WriteStringValue(utf8[..TimestampText.Format(ms, utf8)]);
    }

    public static void Duration(Utf8JsonWriter writer, long ms) => writer.WriteStringValue(DurationText.Format(ms));
}
