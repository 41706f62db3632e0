using System.Text.Json;

namespace Cep.SampleData;

/// <summary>Something bad that was put into the events on purpose and that a rule has to find.</summary>
/// <param name="Rule">The rule that finds it.</param>
/// <param name="Key">Values of the rule's key fields.</param>
/// <param name="FromMs">When it begins; none of its events is earlier.</param>
/// <param name="ToMs">When it is over; none of its events is later. Or the deadline that nothing met.</param>
/// <param name="Matches">How many matches are told of it.</param>
/// <param name="Story">What happened, for a person.</param>
public sealed record Incident(string Rule, string[] Key, long FromMs, long ToMs, int Matches, string Story);

/// <summary>The events of one sample and what is known to be in them.</summary>
public sealed record SampleSet(IReadOnlyList<EventFile> Files, IReadOnlyList<Incident> Incidents)
{
    /// <summary>Writes <c>events/*</c> and <c>expected/truth.json</c> below <paramref name="folder"/>.</summary>
    public void Write(string folder)
    {
        var events = Directory.CreateDirectory(Path.Combine(folder, "events")).FullName;
        foreach (var file in Files) file.Write(events);
        var expected = Directory.CreateDirectory(Path.Combine(folder, "expected")).FullName;
        using var truth = File.Create(Path.Combine(expected, "truth.json"));
        WriteTruth(truth);
    }

    private void WriteTruth(Stream stream)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("incidents");
            foreach (var incident in Incidents.OrderBy(i => i.FromMs)) WriteIncident(json, incident);
            json.WriteEndArray();
            json.WriteStartObject("files");
            foreach (var file in Files) WriteFile(json, file);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void WriteIncident(Utf8JsonWriter json, Incident incident)
    {
        json.WriteStartObject();
        json.WriteString("rule", incident.Rule);
        json.WriteStartArray("key");
        foreach (var value in incident.Key) json.WriteStringValue(value);
        json.WriteEndArray();
        json.WriteString("from", Wire.Utc(incident.FromMs));
        json.WriteString("to", Wire.Utc(incident.ToMs));
        json.WriteNumber("matches", incident.Matches);
        json.WriteString("story", incident.Story);
        json.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter json, EventFile file)
    {
        json.WriteStartObject(file.Name);
        json.WriteNumber("lines", file.Count);
        json.WriteStartArray("late");
        foreach (var lineNumber in file.Late()) json.WriteNumberValue(lineNumber);
        json.WriteEndArray();
        json.WriteStartArray("malformed");
        foreach (var (lineNumber, why) in file.Malformed())
        {
            json.WriteStartObject();
            json.WriteNumber("line", lineNumber);
            json.WriteString("why", why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
