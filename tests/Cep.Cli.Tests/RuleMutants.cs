using System.Globalization;
using System.Text.RegularExpressions;

namespace Cep.Cli.Tests;

/// <summary>A rule with one thing wrong.</summary>
/// <param name="What">What was changed, for people.</param>
/// <param name="Text">The file with it.</param>
internal sealed record RuleMutant(string What, string Text);

/// <summary>Makes a rule wrong in one place at a time: a threshold, a comparison, a time, a condition, a step or a clause.</summary>
internal static partial class RuleMutants
{
    /// <summary>The mutants of a rule.</summary>
    /// <param name="text">Its file.</param>
    /// <param name="rule">Its name.</param>
    public static IEnumerable<RuleMutant> Of(string text, string rule)
    {
        var (start, end) = Clauses(text, rule);
        var clauses = text[start..end];
        return Numbers(clauses).Concat(Durations(clauses)).Concat(Comparisons(clauses)).Concat(Conditions(clauses)).Concat(Steps(clauses)).Concat(WholeClauses(clauses))
            .Select(m => new RuleMutant($"{rule}: {m.What}", text[..start] + m.Text + text[end..]));
    }

    /// <summary>All clauses of the rule.</summary>
    private static (int Start, int End) Clauses(string text, string rule)
    {
        var declared = text.IndexOf($"\nrule {rule} {{", StringComparison.Ordinal);
        return (text.IndexOf('{', declared) + 1, text.IndexOf("\n}", declared, StringComparison.Ordinal));
    }

    private static IEnumerable<RuleMutant> Numbers(string clauses) => Number().Matches(clauses).Where(m => IsCode(clauses, m)).SelectMany(m =>
    {
        var digits = m.Value.Contains('.', StringComparison.Ordinal) ? m.Value.Length - m.Value.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        var value = decimal.Parse(m.Value, CultureInfo.InvariantCulture);
        var step = Math.Max(digits == 0 ? 1 : 0.1m, Math.Round(value / 5, digits));
        return new[] { value + step, value - step }.Select(v => Replaced(clauses, m, v.ToString("F" + digits, CultureInfo.InvariantCulture)));
    });

    private static IEnumerable<RuleMutant> Durations(string clauses) => Duration().Matches(clauses).Where(m => IsCode(clauses, m)).SelectMany(m =>
    {
        var ms = Part().Matches(m.Value).Sum(p => long.Parse(p.Groups[1].Value, CultureInfo.InvariantCulture) * UnitMs(p.Groups[2].Value));
        return new[] { ms + 1, ms - 1 }.Select(v => Replaced(clauses, m, v < 0 ? $"-{-v}ms" : $"{v}ms"));
    });

    private static long UnitMs(string unit) => unit switch
    {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => 86_400_000,
    };

    private static IEnumerable<RuleMutant> Comparisons(string clauses) => Comparison().Matches(clauses).Where(m => IsCode(clauses, m))
        .Select(m => Replaced(clauses, m, m.Value switch { "<" or "<=" => ">", ">" or ">=" => "<", "==" => "!=", _ => "==" }));

    private static IEnumerable<RuleMutant> Conditions(string clauses) => Where().Matches(clauses).Where(m => IsCode(clauses, m)).Select(m => Replaced(clauses, m, ""));

    private static IEnumerable<RuleMutant> Steps(string clauses) =>
        FirstStep().Matches(clauses).Concat(LaterStep().Matches(clauses)).Where(m => IsCode(clauses, m)).Select(m => Replaced(clauses, m, ""));

    private static IEnumerable<RuleMutant> WholeClauses(string clauses) => WholeClause().Matches(clauses).Select(m => Replaced(clauses, m, ""));

    private static bool IsCode(string clauses, Match match)
    {
        var line = clauses[(clauses.LastIndexOf('\n', match.Index) + 1)..match.Index];
        return !line.Contains("//", StringComparison.Ordinal) && line.Count(c => c == '"') % 2 == 0;
    }

    private static RuleMutant Replaced(string clauses, Match match, string by) =>
        new($"`{match.Value.Trim()}` -> `{by}`", clauses[..match.Index] + by + clauses[(match.Index + match.Length)..]);

    [GeneratedRegex(@"(?<![\w.])\d+(\.\d+)?(?![\w.])")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<!\w)(\d+(ms|[smhd]))+(?!\w)")]
    private static partial Regex Duration();

    [GeneratedRegex(@"(\d+)(ms|[smhd])")]
    private static partial Regex Part();

    [GeneratedRegex(@"(?<=\s)(==|!=|<=?|>=?)(?=\s)")]
    private static partial Regex Comparison();

    /// <summary>A condition up to the next link, the window, or the end of its clause.</summary>
    [GeneratedRegex(@"\bwhere\b.*?(?=\s(->|=>|within\b)|\n\n|\n    (match|unless|emit)|$)", RegexOptions.Singleline)]
    private static partial Regex Where();

    [GeneratedRegex(@"(?<=\bmatch\s+)\w+[^\n:]*:.*?(->|=>)", RegexOptions.Singleline)]
    private static partial Regex FirstStep();

    [GeneratedRegex(@"(->|=>).*?(?=\s(->|=>|within\b))", RegexOptions.Singleline)]
    private static partial Regex LaterStep();

    /// <summary>A clause that can be left out; no other comes in its place.</summary>
    [GeneratedRegex(@"^    (unless|suppress|limit)\b.*$", RegexOptions.Multiline)]
    private static partial Regex WholeClause();
}
