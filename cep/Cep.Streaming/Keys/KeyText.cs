using System.Diagnostics.CodeAnalysis;
using System.Text;
using Cep.Events;
using Cep.Rules;

namespace Cep.Streaming.Keys;

/// <summary>Keys as a user writes and reads them: one value as it is; several as a line of CSV, such as <c>web-1,80</c> or <c>"a, b",80</c>.</summary>
public static class KeyText
{
    /// <summary>Reads a key: each value as the type of its field says.</summary>
    /// <param name="input">The stream and fields of the key; at least one field.</param>
    /// <param name="text">What the user wrote.</param>
    /// <param name="key">The values, in the CLR type of each field's kind.</param>
    /// <param name="problem">What is wrong, a whole sentence.</param>
    public static bool TryParse(RuleInput input, string text, [NotNullWhen(true)] out IReadOnlyList<object?>? key, [NotNullWhen(false)] out string? problem)
    {
        var builder = new EventTypeBuilder("key");
        foreach (var field in input.KeyFields)
            builder.Field(field.Name, field.Type);
        var type = builder.Build();
        var reader = new CsvEventReader(type);
        reader.Header(Encoding.UTF8.GetBytes(string.Join(',', input.KeyFields.Select(f => Quoted(f.Name)))));
        var record = input.KeyFields.Count == 1 ? Quoted(text) : text;
        key = reader.TryRead(Encoding.UTF8.GetBytes(record), out var value, out problem) ? new KeyReader(type, type.Fields).Values(value) : null;
        if (problem is not null && input.KeyFields.Count > 1)
            problem = $"{problem} The key is {string.Join(",", input.KeyFields.Select(f => f.Name))}; a text that holds a comma stands in double quotes.";
        return key is not null;
    }

    /// <summary>Writes a key as <see cref="TryParse"/> reads it.</summary>
    public static string Of(RuleInput input, IReadOnlyList<object?> key)
    {
        var texts = key.Select((v, i) => ValueText.Of(input.KeyFields[i].Kind, v));
        return string.Join(',', key.Count == 1 ? texts : texts.Select(t => t.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? Quoted(t) : t));
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
