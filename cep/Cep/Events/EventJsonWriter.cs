using System.Linq.Expressions;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cep.Conditions;

namespace Cep.Events;

/// <summary>Writes events of a type as JSON objects: every declared field in order, an optional one without a value as null.</summary>
/// <remarks>
/// Timestamps are ISO-8601 in UTC with milliseconds where they are not zero, durations are rule text such as <c>1h30m</c>, numbers that are not
/// finite are null. What is written can be read by <see cref="JsonEventReader"/> again. Thread-safe.
/// </remarks>
public sealed class EventJsonWriter
{
    private readonly Action<Utf8JsonWriter, object> _write;

    /// <summary>A writer of events of a type.</summary>
    public EventJsonWriter(EventType type)
    {
        Type = type;
        _write = Compile(type);
    }

    /// <summary>How a writer of output lines is best set up: no indentation, and only what JSON demands is escaped.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The type of the events.</summary>
    public EventType Type { get; }

    /// <summary>Writes an event as an object.</summary>
    /// <param name="writer">Where a value may stand.</param>
    /// <param name="value">An instance of the type's class.</param>
    public void Write(Utf8JsonWriter writer, object value) => _write(writer, value);

    /// <summary>Writes a single value, such as a measure, as an event's field of its kind is written.</summary>
    /// <param name="writer">Where a value may stand.</param>
    /// <param name="kind">The kind of the value.</param>
    /// <param name="value">The value in the CLR type of the kind, or null.</param>
    public static void WriteValue(Utf8JsonWriter writer, ValueKind kind, object? value)
    {
        switch (kind)
        {
            case var _ when value is null:
                writer.WriteNullValue();
                break;
            case ValueKind.Bool:
                JsonValues.Bool(writer, (bool)value);
                break;
            case ValueKind.Long:
                JsonValues.Long(writer, (long)value);
                break;
            case ValueKind.Double:
                JsonValues.Double(writer, (double)value);
                break;
            case ValueKind.Decimal:
                JsonValues.Decimal(writer, (decimal)value);
                break;
            case ValueKind.String:
                JsonValues.String(writer, (string)value);
                break;
            case ValueKind.Timestamp:
                JsonValues.Timestamp(writer, (long)value);
                break;
            case ValueKind.Duration:
                JsonValues.Duration(writer, (long)value);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    private static Action<Utf8JsonWriter, object> Compile(EventType type)
    {
        var writer = Expression.Parameter(typeof(Utf8JsonWriter), "writer");
        var value = Expression.Parameter(typeof(object), "value");
        var instance = Expression.Variable(type.ClrType, "instance");
        var body = new List<Expression>
        {
            Expression.Assign(instance, Expression.Convert(value, type.ClrType)),
            Expression.Call(writer, nameof(Utf8JsonWriter.WriteStartObject), null),
        };
        foreach (var field in type.Fields)
        {
            var name = JsonEncodedText.Encode(field.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
            body.Add(Expression.Call(writer, nameof(Utf8JsonWriter.WritePropertyName), null, Expression.Constant(name)));
            body.Add(WriteField(writer, field, field.Read(instance)));
        }
        body.Add(Expression.Call(writer, nameof(Utf8JsonWriter.WriteEndObject), null));
        return Expression.Lambda<Action<Utf8JsonWriter, object>>(Expression.Block([instance], body), writer, value).Compile();
    }

    private static Expression WriteField(Expression writer, EventField field, Expression read)
    {
        var write = typeof(JsonValues).GetMethod(field.Kind.ToString())!;
        if (Nullable.GetUnderlyingType(read.Type) is null)
            return Expression.Call(write, writer, read);
        var known = Expression.Variable(read.Type, "known");
        return Expression.Block([known],
            Expression.Assign(known, read),
            Expression.IfThenElse(
                Expression.Property(known, "HasValue"),
                Expression.Call(write, writer, Expression.Property(known, "Value")),
                Expression.Call(writer, nameof(Utf8JsonWriter.WriteNullValue), null)));
    }
}
