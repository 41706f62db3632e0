using System.Text;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Throttling;

/// <summary>A rule that tells matches and timeouts as alerts, random events for it, and what its clauses must leave of them.</summary>
internal static class ThrottledRule
{
    private const string Emit = "emit alert { who = a.k, n = b.n } emit on timeout alert { who = key(), n = a.n }";

    /// <summary>Rule text with a second rule beside it.</summary>
    public static PatternSet With(string clauses, string title = "", string name = "r") => Compiled.Patterns(
        Compiled.Letters + Compiled.Rule(name, "A -> B within 40ms skip none", rest: $"{(title == "" ? "" : $"title \"{title}\"")} {Emit} {clauses}") + Compiled.Rule("other", "B -> A within 15ms"));

    /// <summary>JSON lines, one event a millisecond, a few keys, some without a number.</summary>
    public static List<string> Events(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => $"{{\"k\":\"k{random.Next(9)}\",\"letter\":\"{"AABBBBC"[random.Next(7)]}\",{(random.Next(5) == 0 ? "" : $"\"n\":{random.Next(3)},")}\"ts\":{i}}}")];
    }

    /// <summary>The lines of alerts as they must be told.</summary>
    public static string Expected(string all, NaiveThrottle throttle)
    {
        var told = new StringBuilder();
        foreach (var line in all.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if ((line.StartsWith("{\"rule\":\"r\"", StringComparison.Ordinal) ? throttle.Tell(line) : line) is { } kept)
                told.Append(kept).Append('\n');
        }
        return told.ToString();
    }
}
