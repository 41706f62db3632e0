using System.Text.Json;
using Cep.Language.Diagnostics;

namespace Cep.Language.Json;

/// <summary>A value of a JSON document with its path. What is not as expected is reported and read as absent.</summary>
/// <param name="element">The value.</param>
/// <param name="path">Its JSON path.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class JsonPart(JsonElement element, string path, List<PatternJsonProblem> problems)
{
    private readonly Dictionary<string, JsonPart> _properties = [];

    public string Path => path;

    /// <summary>Reports something about this value.</summary>
    public void Error(string code, string reason, string? help = null) => problems.Add(new(code, path, reason, Help: help));

    /// <summary>Takes the value as an object with these properties and no other; false after reporting that it is none.</summary>
    public bool IsObject(string what, params IReadOnlyList<string> known)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return Unexpected($"an object: {what}");
        foreach (var property in element.EnumerateObject())
        {
            var part = new JsonPart(property.Value, Below(property.Name), problems);
            if (!known.Contains(property.Name))
                part.Error(DiagnosticCode.UnknownProperty, $"There is no property `{property.Name}` in {what}.", DiagnosticBag.DidYouMean(property.Name, known));
            else if (!_properties.TryAdd(property.Name, part))
                part.Error(DiagnosticCode.UnknownProperty, $"The property `{property.Name}` stands twice; once was expected.");
        }
        return true;
    }

    /// <summary>A property of an object; null where it is absent or null.</summary>
    public JsonPart? Find(string name) => _properties.TryGetValue(name, out var part) && !part.IsNull ? part : null;

    /// <summary>Whether an object has the property, null or not.</summary>
    public bool Has(string name) => _properties.ContainsKey(name);

    /// <summary>A property that must be there; null after reporting that it is not.</summary>
    public JsonPart? Require(string name, string what)
    {
        if (Find(name) is { } part)
            return part;
        Error(DiagnosticCode.MissingProperty, $"The property `{name}` is missing: {what}.");
        return null;
    }

    /// <summary>The value as text; null after reporting that it is none.</summary>
    public string? Text(string what)
    {
        if (element.ValueKind == JsonValueKind.String)
            return element.GetString();
        Unexpected($"a text: {what}");
        return null;
    }

    /// <summary>The value as true or false; null after reporting that it is neither.</summary>
    public bool? Truth()
    {
        if (element.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return element.GetBoolean();
        Unexpected("`true` or `false`");
        return null;
    }

    /// <summary>The value as a whole number of at least <paramref name="min"/>; null after reporting that it is none.</summary>
    public long? Whole(long min, long max)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) && value >= min && value <= max)
            return value;
        Unexpected($"a whole number from {min} to {max}");
        return null;
    }

    /// <summary>The value as one of a few words; null after reporting that it is none of them.</summary>
    public T? Word<T>(IReadOnlyDictionary<string, T> words) where T : struct
    {
        if (element.ValueKind == JsonValueKind.String && words.TryGetValue(element.GetString()!, out var value))
            return value;
        Unexpected($"one of {string.Join(", ", words.Keys.Select(w => $"`{w}`"))}",
            element.ValueKind == JsonValueKind.String ? DiagnosticBag.DidYouMean(element.GetString()!, words.Keys) : null);
        return null;
    }

    /// <summary>The items of an array; null after reporting that the value is none.</summary>
    public IReadOnlyList<JsonPart>? Items(string what)
    {
        if (element.ValueKind == JsonValueKind.Array)
            return element.EnumerateArray().Select((e, i) => new JsonPart(e, $"{path}[{i}]", problems)).ToList();
        Unexpected($"an array: {what}");
        return null;
    }

    private bool IsNull => element.ValueKind == JsonValueKind.Null;

    private bool Unexpected(string expected, string? help = null)
    {
        Error(DiagnosticCode.UnexpectedValue, $"Expected {expected}, but found {Found()}.", help);
        return false;
    }

    private string Found()
    {
        if (element.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            return element.ValueKind == JsonValueKind.Object ? "an object" : "an array";
        var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
        return $"`{(text.Length <= 40 ? text : text[..40] + "…")}`";
    }

    private string Below(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$') ? $"{path}.{name}" : $"{path}['{name.Replace("'", "\\'", StringComparison.Ordinal)}']";
}
