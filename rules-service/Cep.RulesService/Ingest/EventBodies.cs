using System.Text.Json;

namespace Cep.RulesService.Ingest;

/// <summary>How the events of a request are written.</summary>
internal enum BodyFormat
{
    /// <summary><c>application/json</c>: one event, or an array of them.</summary>
    Json,

    /// <summary><c>application/x-ndjson</c> or <c>application/jsonl</c>: one event a line.</summary>
    JsonLines,

    /// <summary><c>application/cloudevents+json</c> or <c>application/cloudevents-batch+json</c>: the event is the <c>data</c> of a CloudEvent.</summary>
    CloudEvents,
}

/// <summary>Cuts the body of a request into events.</summary>
internal static class EventBodies
{
    /// <summary>The format that a content type names; null for one that is not taken. JSON where there is none.</summary>
    public static BodyFormat? FormatOf(string? contentType) => contentType?.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        null or "" or "application/json" => BodyFormat.Json,
        "application/x-ndjson" or "application/jsonl" or "application/json-lines" => BodyFormat.JsonLines,
        "application/cloudevents+json" or "application/cloudevents-batch+json" => BodyFormat.CloudEvents,
        _ => null,
    };

    /// <summary>The events, each as its bytes stand in the body.</summary>
    /// <exception cref="JsonException">The body is not JSON, or not what its content type says.</exception>
    public static List<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> body, BodyFormat format) => format switch
    {
        BodyFormat.JsonLines => Lines(body),
        BodyFormat.CloudEvents => Values(body).ConvertAll(DataOf),
        _ => Values(body),
    };

    private static List<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> body)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        while (!body.IsEmpty)
        {
            var end = body.Span.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (line.Span.Trim(" \t\r"u8).Length > 0)
                lines.Add(line);
        }
        return lines;
    }

    /// <summary>The body itself, or the elements of its array.</summary>
    private static List<ReadOnlyMemory<byte>> Values(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        reader.Read();
        var values = new List<ReadOnlyMemory<byte>>();
        if (reader.TokenType != JsonTokenType.StartArray)
            values.Add(Value(body, ref reader));
        else
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                values.Add(Value(body, ref reader));
        }
        // Nothing but blanks may follow.
        reader.Read();
        return values;
    }

    private static ReadOnlyMemory<byte> Value(ReadOnlyMemory<byte> body, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return body[start..(int)reader.BytesConsumed];
    }

    private static ReadOnlyMemory<byte> DataOf(ReadOnlyMemory<byte> cloudEvent)
    {
        var reader = new Utf8JsonReader(cloudEvent.Span);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A CloudEvent is a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isData = reader.ValueTextEquals("data"u8);
            reader.Read();
            var value = Value(cloudEvent, ref reader);
            if (isData)
                return value;
        }
        throw new JsonException("A CloudEvent has its event in `data`; there is none.");
    }
}
