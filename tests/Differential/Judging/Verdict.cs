using Cep.Differential.Cases;
using Cep.Evaluation;

namespace Cep.Differential.Judging;

/// <summary>Compares the evaluator with the judge.</summary>
internal static class Verdict
{
    /// <summary>What differs, as text; null when nothing does.</summary>
    public static string? Difference(RandomCase c)
    {
        var got = EvaluatorRun.Answer(c, CompiledPattern.Of(c.Pattern));
        var matches = new Queue<Told>(got.Where(t => !t.IsTimeout));
        var expected = Judge.Answer(c.Pattern, c.Events, due => matches.TryDequeue(out var chosen) && due.Contains(chosen) ? chosen : due[0]);
        var lines = expected.Except(got).Select(t => $"missing {t}")
            .Concat(got.Except(expected).Select(t => $"extra {t}"))
            .Concat(got.GroupBy(t => t).Where(g => g.Count() > 1).Select(g => $"{g.Count()} times {g.Key}"))
            .ToArray();
        return lines.Length == 0 ? null : string.Join("; ", lines);
    }
}
