using Cep.Differential.Cases;
using Cep.Evaluation;
using Cep.Patterns;

namespace Cep.Differential.Judging;

/// <summary>Compares the evaluator with the judge.</summary>
internal static class Verdict
{
    /// <summary>What differs, as text; null when nothing does.</summary>
    /// <param name="c">The case.</param>
    /// <param name="told">Is told how many matches and timeouts there are; null when nobody asks.</param>
    /// <exception cref="TooLargeException">The case is too large to be judged.</exception>
    public static string? Difference(RandomCase c, Action<string, int>? told = null)
    {
        var got = EvaluatorRun.Answer(c, CompiledPattern.Of(c.Pattern));
        var matches = new Queue<Told>(got.Where(t => !t.IsTimeout));
        var expected = Judge.Answer(c.Pattern, c.Events, due => matches.TryDequeue(out var chosen) && due.Contains(chosen) ? chosen : due[0], got.Contains);
        var lines = expected.Except(got).Select(t => $"missing {t}")
            .Concat(got.Except(expected).Select(t => $"extra {t}"))
            .Concat(got.GroupBy(t => (t.IsTimeout, t.Events)).Where(g => g.Count() > 1).Select(g => $"{g.Count()} times {g.First()}"))
            .ToArray();
        told?.Invoke("matches", expected.Count(t => !t.IsTimeout));
        told?.Invoke("timeouts", expected.Count(t => t.IsTimeout));
        return lines.Length == 0 ? null : string.Join("\n", lines);
    }
}
