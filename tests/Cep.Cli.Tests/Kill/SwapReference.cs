using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Cep.Cli.Tests.Kill;

/// <summary>What rules tell that run over a part of the payments and know nothing of the rest: each by an undisturbed run of its own, over the events of that part.</summary>
internal sealed partial class SwapReference
{
    private readonly List<(long TimeMs, string Line)> _auths;

    public SwapReference(FraudDays days) => _auths = File.ReadLines(days.Auths).Where(IsWhole).Select(l => (TimeOf(l, "ts"), l)).ToList();

    /// <summary>The lines of matches and timeouts, without the ids, which count places in the whole input; in ordinal order.</summary>
    public (List<string> Matches, List<string> Timeouts) Of(IEnumerable<RuleSpan> spans)
    {
        var (matches, timeouts) = (new List<string>(), new List<string>());
        foreach (var span in spans)
        {
            using var folder = new TemporaryFolder();
            Directory.CreateDirectory(folder["rules"]);
            File.Copy(Repository.Sample("fraud", "streams.cep"), folder["rules/streams.cep"]);
            folder.Write("rules/rule.cep", span.Text);
            // A change at the very end is after all time there is.
            var endMs = span.IsDrained ? Math.Min(span.UpToMs, long.MaxValue - EditedRules.WithinMs) + EditedRules.WithinMs : span.UpToMs;
            File.WriteAllLines(folder["auths.jsonl"], _auths.Where(a => a.TimeMs > span.AfterMs && a.TimeMs <= endMs).Select(a => a.Line));
            var result = CepProcess.Run("run", folder["rules"], "--input", folder["auths.jsonl"], "--output", folder["matches"], "--timeouts", folder["timeouts"]);
            Assert.True(result.ExitCode == 0, result.Error);
            // At the end of its part a run lets all deadlines pass; those that had not come by then are no part of it, unless it is drained: then what had begun is.
            var until = span.IsDrained ? "start" : "detected";
            matches.AddRange(File.ReadLines(folder["matches"]).Where(l => TimeOf(l, until) <= span.UpToMs).Select(WithoutId));
            timeouts.AddRange(File.ReadLines(folder["timeouts"]).Where(l => TimeOf(l, until) <= span.UpToMs).Select(WithoutId));
        }
        matches.Sort(StringComparer.Ordinal);
        timeouts.Sort(StringComparer.Ordinal);
        return (matches, timeouts);
    }

    /// <summary>The lines of a run that are of the edited rules, as in <see cref="Of"/>.</summary>
    public static List<string> EditedOf(string file) => File.ReadLines(file).Where(IsEdited).Select(WithoutId).Order(StringComparer.Ordinal).ToList();

    /// <summary>The other lines, as they stand.</summary>
    public static List<string> OthersOf(string file) => File.ReadLines(file).Where(l => !IsEdited(l)).ToList();

    private static bool IsEdited(string line) => line.StartsWith("{\"rule\":\"large\"", StringComparison.Ordinal) || line.StartsWith("{\"rule\":\"probe\"", StringComparison.Ordinal);

    /// <summary>The sample has a line that broke off, and one whose time is none: they are no events.</summary>
    private static bool IsWhole(string line) => Time().IsMatch(line);

    private static string WithoutId(string line) => Id().Replace(line, "", 1);

    private static long TimeOf(string line, string field)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(field).GetDateTimeOffset().ToUnixTimeMilliseconds();
    }

    [GeneratedRegex("\"ts\":\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z\"}$")]
    private static partial Regex Time();

    [GeneratedRegex("\"id\":\"[0-9a-f]{32}\",")]
    private static partial Regex Id();
}
