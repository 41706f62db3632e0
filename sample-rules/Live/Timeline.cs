using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cep.SampleData;

namespace Cep.LiveSample;

/// <summary>A line of an event file, and when it arrives.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="ArrivesMs">About when it arrives, in the time of the events, Unix milliseconds.</param>
/// <param name="Json">The event; or what was to be one.</param>
internal sealed record Arrival(string Stream, long ArrivesMs, string Json);

/// <summary>Days of the fraud sample, in the order in which their events arrive: late, out of order and malformed ones too.</summary>
internal static class Timeline
{
    private static readonly (string File, string Stream, string Time)[] Files =
        [("auths.jsonl", "auths", "ts"), ("orders.csv", "orders", "at"), ("shipments.jsonl", "shipments", "shipped_at")];

    /// <summary>So many days.</summary>
    public static IReadOnlyList<Arrival> Of(int days)
    {
        var folder = Directory.CreateTempSubdirectory("cep-live-").FullName;
        try
        {
            FraudDay.Write(folder, days);
            return Files.SelectMany(f => Read(Path.Combine(folder, f.File), f.Stream, f.Time)).OrderBy(a => a.ArrivesMs).ToList();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<Arrival> Read(string file, string stream, string time)
    {
        var newestMs = 0L;
        string[]? header = null;
        foreach (var line in File.ReadLines(file))
        {
            if (file.EndsWith(".csv", StringComparison.Ordinal) && header is null)
            {
                header = line.Split(',');
                continue;
            }
            var json = header is null ? line : ToJson(header, line.Split(','));
            newestMs = Math.Max(newestMs, TimeOf(json, time) ?? 0);
            yield return new Arrival(stream, newestMs, json);
        }
    }

    private static string ToJson(string[] header, string[] cells)
    {
        var e = new JsonObject();
        for (var i = 0; i < Math.Min(header.Length, cells.Length); i++)
            e[header[i]] = decimal.TryParse(cells[i], NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(cells[i]);
        return e.ToJsonString();
    }

    /// <summary>When an event happened; null of what is none.</summary>
    private static long? TimeOf(string json, string field)
    {
        try
        {
            return JsonNode.Parse(json)?[field] switch
            {
                JsonValue v when v.TryGetValue<long>(out var ms) => ms,
                JsonValue v when v.TryGetValue<string>(out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) => at.ToUnixTimeMilliseconds(),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
