using System.Globalization;
using System.Text.RegularExpressions;

namespace Cep.Cli.Tests;

/// <summary>A rule with one thing wrong.</summary>
/// <param name="What">What was changed, for people.</param>
/// <param name="Text">The file with it.</param>
internal sealed record RuleMutant(string What, string Text);

/// <summary>Makes a rule wrong in one place at a time: a threshold, a comparison, a time, a condition or a step.</summary>
internal static partial class RuleMutants
{
    /// <summary>The mutants of a rule.</summary>
    /// <param name="text">Its file.</param>
    /// <param name="rule">Its name.</param>
    public static IEnumerable<RuleMutant> Of(string text, string rule)
    {
        var (start, end) = Looks(text, rule);
        var looks = text[start..end];
        return Numbers(looks).Concat(Durations(looks)).Concat(Comparisons(looks)).Concat(Conditions(looks)).Concat(Steps(looks))
            .Select(m => new RuleMutant($"{rule}: {m.What}", text[..start] + m.Text + text[end..]));
    }

    /// <summary>From the word <c>from</c> of the rule to its <c>emit</c>; comments there are overwritten by spaces for that.</summary>
    private static (int Start, int End) Looks(string text, string rule)
    {
        var declared = text.IndexOf($"\nrule {rule} {{", StringComparison.Ordinal);
        var start = text.IndexOf("\n    from ", declared, StringComparison.Ordinal);
        return (start, text.IndexOf("\n    emit ", start, StringComparison.Ordinal));
    }

    private static IEnumerable<RuleMutant> Numbers(string looks) => Number().Matches(looks).Where(m => IsCode(looks, m)).SelectMany(m =>
    {
        var digits = m.Value.Contains('.', StringComparison.Ordinal) ? m.Value.Length - m.Value.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        var value = decimal.Parse(m.Value, CultureInfo.InvariantCulture);
        var step = Math.Max(digits == 0 ? 1 : 0.1m, Math.Round(value / 5, digits));
        return new[] { value + step, value - step }.Select(v => Replaced(looks, m, v.ToString("F" + digits, CultureInfo.InvariantCulture)));
    });

    private static IEnumerable<RuleMutant> Durations(string looks) => Duration().Matches(looks).Where(m => IsCode(looks, m)).SelectMany(m =>
    {
        var ms = Part().Matches(m.Value).Sum(p => long.Parse(p.Groups[1].Value, CultureInfo.InvariantCulture) * UnitMs(p.Groups[2].Value));
        return new[] { ms + 1, ms - 1 }.Select(v => Replaced(looks, m, v < 0 ? $"-{-v}ms" : $"{v}ms"));
    });

    private static long UnitMs(string unit) => unit switch
    {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => 86_400_000,
    };

    private static IEnumerable<RuleMutant> Comparisons(string looks) => Comparison().Matches(looks).Where(m => IsCode(looks, m))
        .Select(m => Replaced(looks, m, m.Value switch { "<" or "<=" => ">", ">" or ">=" => "<", "==" => "!=", _ => "==" }));

    private static IEnumerable<RuleMutant> Conditions(string looks) => Where().Matches(looks).Where(m => IsCode(looks, m)).Select(m => Replaced(looks, m, ""));

    private static IEnumerable<RuleMutant> Steps(string looks) =>
        FirstStep().Matches(looks).Concat(LaterStep().Matches(looks)).Where(m => IsCode(looks, m)).Select(m => Replaced(looks, m, ""));

    private static bool IsCode(string looks, Match match)
    {
        var line = looks[(looks.LastIndexOf('\n', match.Index) + 1)..match.Index];
        return !line.Contains("//", StringComparison.Ordinal) && line.Count(c => c == '"') % 2 == 0;
    }

    private static RuleMutant Replaced(string looks, Match match, string by) =>
        new($"`{match.Value.Trim()}` -> `{by}`", looks[..match.Index] + by + looks[(match.Index + match.Length)..]);

    [GeneratedRegex(@"(?<![\w.])\d+(\.\d+)?(?![\w.])")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<!\w)(\d+(ms|[smhd]))+(?!\w)")]
    private static partial Regex Duration();

    [GeneratedRegex(@"(\d+)(ms|[smhd])")]
    private static partial Regex Part();

    [GeneratedRegex(@"(?<=\s)(==|!=|<=?|>=?)(?=\s)")]
    private static partial Regex Comparison();

    /// <summary>A condition up to the next link, the window, or the end of its clause.</summary>
    [GeneratedRegex(@"\bwhere\b.*?(?=\s(->|=>|within\b)|\n\n|\n    match|$)", RegexOptions.Singleline)]
    private static partial Regex Where();

    [GeneratedRegex(@"(?<=\bmatch\s+)\w+[^\n:]*:.*?(->|=>)", RegexOptions.Singleline)]
    private static partial Regex FirstStep();

    [GeneratedRegex(@"(->|=>).*?(?=\s(->|=>|within\b))", RegexOptions.Singleline)]
    private static partial Regex LaterStep();
}
