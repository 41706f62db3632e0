using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace Cep.Events;

/// <summary>Reads JSON objects, one a record, into events of one type, or of several types told apart by the property <c>$stream</c>.</summary>
/// <remarks>
/// <para>Properties may come in any order; those that the type does not declare are skipped. Where a property occurs twice the last one counts,
/// and each must fit; of <c>$stream</c> the first counts. An optional field is null where the property is null, and as the class's constructor
/// made it, which is null for a declared stream, where the property is missing.</para>
/// <para>A record that does not fit is answered with a sentence, never an exception. Not thread-safe: texts are kept to be given out again.</para>
/// </remarks>
public sealed class JsonEventReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000 };

    private readonly EventFactory[] _factories;
    private readonly Utf8Names[] _properties;
    private readonly Utf8Names _streams;

    /// <summary>A reader of events of one type; <c>$stream</c> is a property like any other.</summary>
    /// <exception cref="ArgumentException">The class has no public constructor without parameters, or a member that cannot be set.</exception>
    public JsonEventReader(EventType type) : this([type])
    {
    }

    /// <summary>A reader of events of several types.</summary>
    /// <param name="types">At least one; names are unique. With a single one, <c>$stream</c> is a property like any other.</param>
    /// <exception cref="ArgumentException">
    /// There is no type, or a class has no public constructor without parameters, or a member that cannot be set.
    /// </exception>
    public JsonEventReader(IReadOnlyList<EventType> types)
    {
        if (types.Count == 0)
            throw new ArgumentException("A reader needs at least one type of event.", nameof(types));
        Types = types;
        _factories = types.Select(t => new EventFactory(t)).ToArray();
        _properties = types.Select(t => new Utf8Names(t.Fields.Select(f => f.Name))).ToArray();
        _streams = new Utf8Names(types.Select(t => t.Name));
    }

    /// <summary>The types that events can have.</summary>
    public IReadOnlyList<EventType> Types { get; }

    /// <summary>Reads one record.</summary>
    /// <param name="utf8">One JSON object in UTF-8; white space and a byte order mark around it are allowed.</param>
    /// <param name="value">The event.</param>
    /// <param name="type">The position of its type in <see cref="Types"/>; also where the record names a type but does not fit it, else -1.</param>
    /// <param name="error">What is wrong, as a sentence.</param>
    public bool TryRead(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out object? value, out int type, [NotNullWhen(false)] out string? error)
    {
        value = null;
        type = -1;
        if (!Utf8.IsValid(utf8))
        {
            error = InputError.NotUtf8(utf8);
            return false;
        }
        if (utf8.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        try
        {
            error = Read(utf8, ref value, ref type);
        }
        catch (JsonException e)
        {
            error = InputError.NotJson(utf8, e);
        }
        if (error is not null)
            value = null;
        return error is null;
    }

    private string? Read(ReadOnlySpan<byte> utf8, ref object? value, ref int type)
    {
        if (utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            return InputError.Empty;
        var json = new Utf8JsonReader(utf8, Options);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            return InputError.NotAnObject(json.TokenType);
        if (_factories.Length == 1)
            type = 0;
        else if (ChooseType(ref json, ref type) is { } error)
            return error;

        value = _factories[type].New();
        if (ReadProperties(ref json, value, _factories[type], _properties[type]) is { } misfit)
            return misfit;
        var rest = utf8[(int)json.BytesConsumed..];
        var text = rest.IndexOfAnyExcept(" \t\r\n"u8);
        if (text >= 0)
            return InputError.TextAfterObject(json.BytesConsumed + text);
        return _factories[type].Missing() is { } missing ? InputError.Missing(missing) : null;
    }

    /// <summary>
    /// Finds the property <c>$stream</c>. The reader stays at the start of the object, or goes past the property where it comes first.
    /// </summary>
    private string? ChooseType(ref Utf8JsonReader json, ref int type)
    {
        var ahead = json;
        for (var isFirst = true; ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName; isFirst = false)
        {
            if (!TryName(ref ahead, out var name))
                return InputError.BadName(ahead.TokenStartIndex);
            if (!name.SequenceEqual("$stream"u8))
            {
                ahead.Skip();
                continue;
            }
            ahead.Read();
            if (ahead.TokenType != JsonTokenType.String || !TryName(ref ahead, out var stream) || (type = _streams.Find(stream)) < 0)
                return InputError.WrongStream(ref ahead, Types);
            if (isFirst)
                json = ahead;
            return null;
        }
        return InputError.NoStream(Types);
    }

    private static string? ReadProperties(ref Utf8JsonReader json, object value, EventFactory factory, Utf8Names properties)
    {
        var fields = factory.Fields;
        var expected = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryName(ref json, out var name))
                return InputError.BadName(json.TokenStartIndex);
            var index = properties.Find(name, expected);
            if (index < 0)
            {
                json.Skip();
                continue;
            }
            expected = index + 1;
            json.Read();
            var field = fields[index];
            if (json.TokenType == JsonTokenType.Null)
            {
                if (!field.TrySetNull(value))
                    return InputError.Null(field.Field);
            }
            else if (!field.TryReadJson(ref json, value))
            {
                return InputError.Misfit(field, ref json);
            }
            factory.Given(index);
        }
        return null;
    }

    /// <summary>The name or text at which the reader stands; false where its escapes are no text.</summary>
    private static bool TryName(ref Utf8JsonReader json, out ReadOnlySpan<byte> utf8)
    {
        utf8 = json.ValueSpan;
        return !json.ValueIsEscaped || JsonText.TryUnescape(ref json, new byte[utf8.Length], out utf8);
    }
}
