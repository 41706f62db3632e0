using System.Text.Json;

namespace Cep.Cli.Tests.Kill;

/// <summary>A time in which one version of a rule ran: events after <paramref name="AfterMs"/>, up to and with <paramref name="UpToMs"/>.</summary>
/// <param name="IsDrained">Whether what had begun by then went on until it ended.</param>
internal sealed record RuleSpan(string Rule, string Text, long AfterMs, long UpToMs, bool IsDrained = false);

/// <summary>Which version of the edited rules ran when, from the changes that a run has written; it began with the first version.</summary>
internal static class SwapTimeline
{
    /// <summary>The times of both rules, and how often the rules changed.</summary>
    public static (IReadOnlyList<RuleSpan> Spans, int Changes) Read(string file)
    {
        var spans = new List<RuleSpan>();
        var (large, probe) = (Begin("large", EditedRules.Large(300), long.MinValue), (RuleSpan?)null);
        var lines = File.ReadAllLines(file);
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            var watermark = json.RootElement.GetProperty("watermark");
            // Before the first event it is a number.
            var atMs = watermark.ValueKind == JsonValueKind.Number ? watermark.GetInt64() : watermark.GetDateTimeOffset().ToUnixTimeMilliseconds();
            foreach (var change in json.RootElement.GetProperty("rules").EnumerateArray())
            {
                switch (change.GetProperty("rule").GetString(), change.GetProperty("change").GetString())
                {
                    case ("large", "compatible"):
                        spans.Add(large with { UpToMs = atMs, IsDrained = change.GetProperty("partials").GetString() == "drained" });
                        large = Begin("large", EditedRules.Large(large.Text == EditedRules.Large(300) ? 500 : 300), atMs);
                        break;
                    case ("probe", "added"):
                        probe = Begin("probe", EditedRules.Probe, atMs);
                        break;
                    case ("probe", "removed"):
                        spans.Add(probe! with { UpToMs = atMs });
                        probe = null;
                        break;
                }
            }
        }
        return ([.. spans, large, .. probe is null ? (RuleSpan[])[] : [probe]], lines.Length);
    }

    private static RuleSpan Begin(string rule, string text, long afterMs) => new(rule, text, afterMs, long.MaxValue);
}
