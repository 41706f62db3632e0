using Cep.Conformance.Cases;
using Cep.Conformance.Reports;
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
        {
            if (Constructs.NotYet(c) is { } construct)
                report.SetAsideNotYet(construct);
            else
                report.Judge(c, Judge(c));
        }
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
}
