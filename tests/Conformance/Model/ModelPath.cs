using Cep.Conformance.Cases;
using Cep.Conformance.Reports;
using Cep.Matching;
using Cep.Patterns;

namespace Cep.Conformance.Model;

/// <summary>Judges cases through the pattern model, past the rule language.</summary>
public static class ModelPath
{
    /// <summary>Judges all cases of a file.</summary>
    public static FileReport Judge(string file, IReadOnlyList<Case> cases)
    {
        var report = new FileReport(file, CasePath.Model);
        foreach (var c in cases)
            report.Judge(c, Judge(c));
        return report;
    }

    /// <summary>Judges one case.</summary>
    public static Verdict Judge(Case c)
    {
        try
        {
            var pattern = PatternBuilder.Build(c.Pattern);
            var problems = PatternRules.Check(pattern).Select(p => p.Reason).ToArray();
            return c.Expect switch
            {
                { CanMatchEmpty: { } can } => PatternRules.CanMatchEmpty(pattern.Steps) == can ? Verdict.Same : Verdict.Differs($"can match nothing: expected {can}"),
                { Error: not null } when c.Pattern.Skip is { Throw: true } => FailsWhenRun(c, pattern),
                { Error: { } error } => problems.Length > 0 ? Verdict.Same : Verdict.Differs("accepted, and should be rejected: " + error),
                _ when problems.Length > 0 => new Verdict(problems.Select(p => "rejected: " + p).ToArray()),
                _ => Comparison.Compare(c, ModelRun.Answer(c, pattern)),
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // One case that throws must not hide the answers to the others.
            return Verdict.Differs("threw " + e);
        }
    }

    /// <summary>A skip strategy that misses its step is no fault of the pattern: it shows when a match is found.</summary>
    internal static Verdict FailsWhenRun(Case c, Pattern pattern)
    {
        if (PatternRules.Check(pattern).Count > 0)
            return Verdict.Differs("rejected, and should fail when it runs: " + c.Expect.Error);
        try
        {
            ModelRun.Answer(c, pattern);
            return Verdict.Differs("ran, and should fail: " + c.Expect.Error);
        }
        catch (PatternEvaluationException)
        {
            return Verdict.Same;
        }
    }
}
