using Cep.Differential.Cases;
using Cep.Evaluation;
using Cep.Patterns;

namespace Cep.Differential.Judging;

/// <summary>Compares the evaluator with the judge.</summary>
internal static class Verdict
{
    /// <summary>What differs, as text; null when nothing does.</summary>
    /// <param name="c">The case.</param>
    /// <param name="told">Counts what both told; null when nobody asks.</param>
    public static string? Difference(RandomCase c, Dictionary<string, int>? told = null)
    {
        var got = EvaluatorRun.Answer(c, CompiledPattern.Of(c.Pattern));
        var matches = new Queue<Told>(got.Where(t => !t.IsTimeout));
        var expected = Judge.Answer(c.Pattern, c.Events, due => matches.TryDequeue(out var chosen) && due.Contains(chosen) ? chosen : due[0], got.Contains);
        // An event can lead to a step whose window has passed for long; what becomes certain by that is told again.
        var hasGap = c.Pattern.GapMs is not null || HasGap(c.Pattern.Steps);
        var lines = expected.Except(got).Select(t => $"missing {t}")
            .Concat(got.Except(expected).Select(t => $"extra {t}"))
            .Concat(got.Where(_ => !hasGap).GroupBy(t => t).Where(g => g.Count() > Math.Max(1, expected.Count(t => t == g.Key))).Select(g => $"{g.Count()} times {g.Key}"))
            .ToArray();
        if (told is not null)
        {
            told["matches"] = told.GetValueOrDefault("matches") + expected.Count(t => !t.IsTimeout);
            told["timeouts"] = told.GetValueOrDefault("timeouts") + expected.Count(t => t.IsTimeout);
        }
        return lines.Length == 0 ? null : string.Join("\n", lines);
    }

    private static bool HasGap(IEnumerable<PatternStep> steps) =>
        steps.Any(s => s.Quantifier.GapMs is not null || s is EventStep { GapMs: not null } || (s is GroupStep g && HasGap(g.Steps)));
}
