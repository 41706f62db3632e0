using System.Globalization;
using System.Text.Json;
using Cep.Conditions;
using Cep.Language.Binding;
using Cep.Language.Diagnostics;

namespace Cep.Language.Json;

/// <summary>The lists that the conditions of a JSON pattern name. Values are texts, whatever their type: so no number loses digits.</summary>
internal static class ListsJson
{
    private static readonly Dictionary<string, ListType> Types = Enum.GetValues<ListType>().ToDictionary(t => t.Name(), StringComparer.Ordinal);

    /// <summary>Writes the lists; nothing where there are none.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ValueList> lists)
    {
        if (lists.Count == 0)
            return;
        json.WriteStartArray("lists");
        foreach (var list in lists)
        {
            json.WriteStartObject();
            json.WriteString("name", list.Name);
            json.WriteString("type", list.Type.Name());
            json.WriteStartArray("values");
            foreach (var value in list.Values)
                json.WriteStringValue(TextOf(value));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Reads the lists; one with something wrong is left out, and that is reported.</summary>
    public static IReadOnlyList<ValueList> Read(JsonPart part)
    {
        var lists = new Dictionary<string, ValueList>();
        foreach (var item in part.Items("the lists that conditions name") ?? [])
        {
            if (ReadList(item) is { } list && !lists.TryAdd(list.Name, list))
                item.Error(DiagnosticCode.DuplicateName, $"There is a list `{list.Name}` already; names of lists are unique.");
        }
        return [.. lists.Values];
    }

    private static ValueList? ReadList(JsonPart part)
    {
        if (!part.IsObject("a list", "name", "type", "values"))
            return null;
        var name = part.Require("name", "a list has a name")?.Text("the name of the list");
        var type = part.Require("type", "a list has a type")?.Word(Types);
        var items = part.Require("values", "a list has values")?.Items("the values of the list");
        if (name is null || type is not { } known || items is null)
            return null;
        var values = items.Select(item => ReadValue(item, known)).ToList();
        return values.Contains(null) ? null : new ValueList(name, known, values.OfType<object>());
    }

    private static object? ReadValue(JsonPart part, ListType type)
    {
        if (part.Text("a value of the list") is not { } text)
            return null;
        var value = ListValue.Of(text, type, out var problem);
        if (value is null)
            part.Error(DiagnosticCode.InvalidListValue, $"The value is `{text}`, and {problem}.");
        return value;
    }

    private static string TextOf(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
