using Cep.Conformance.Cases;
using Cep.Conformance.Reports;
using Cep.Language;
using Cep.Language.Diagnostics;
using Cep.Language.Text;

namespace Cep.Conformance.Text;

/// <summary>Judges cases as a user would meet them: as rule text, many rules in one set, over one stream, through the keyed operator.</summary>
public static class TextPath
{
    /// <summary>How many rules run as one set.</summary>
    private const int RulesPerSet = 250;

    private sealed record Said(int Cid, Case Case, string Rule);

    /// <summary>Judges all cases of a file.</summary>
    public static FileReport Judge(string file, IReadOnlyList<Case> cases)
    {
        var report = new FileReport(file, CasePath.Text);
        var said = Say(cases, report).ToArray();
        foreach (var wrong in said.Where(s => s.Case.Expect.Error is not null))
            report.Judge(wrong.Case, Errors([wrong]).Any() ? Verdict.Same : Verdict.Differs("accepted, and should be rejected: " + wrong.Case.Expect.Error));
        foreach (var set in said.Where(s => s.Case.Expect.Error is null).Chunk(RulesPerSet))
            JudgeSet(set, report);
        return report;
    }

    private static IEnumerable<Said> Say(IReadOnlyList<Case> cases, FileReport report)
    {
        for (var cid = 0; cid < cases.Count; cid++)
        {
            if (cases[cid].Expect.CanMatchEmpty is not null)
                report.SetAsideNoForm(cases[cid], "a question about the pattern, not about events");
            else if (TrySay(cases[cid], cid, report) is { } said)
                yield return said;
        }
    }

    private static Said? TrySay(Case c, int cid, FileReport report)
    {
        try
        {
            return new Said(cid, c, RuleText.Rule(c, cid));
        }
        catch (NoRuleTextException e)
        {
            report.SetAsideNoForm(c, e.Message);
            return null;
        }
    }

    private static void JudgeSet(IReadOnlyList<Said> set, FileReport report)
    {
        // One rule that does not compile would take the whole set with it, and hide the answers of the others.
        if (Errors(set).Any())
        {
            var errors = set.ToLookup(s => Errors([s]).Any());
            foreach (var wrong in errors[true])
                report.Judge(wrong.Case, new Verdict(Errors([wrong]).Select(e => "does not compile: " + e.Message).ToArray()));
            set = errors[false].ToArray();
        }
        var rules = Compile(set).RuleSet ?? throw new InvalidOperationException("Rules that compile one by one do not compile together.");
        var answers = TextRun.Answers(rules, set.ToDictionary(s => s.Cid, s => s.Case));
        foreach (var s in set)
            report.Judge(s.Case, Comparison.Compare(s.Case, answers[s.Cid]));
    }

    private static IEnumerable<Diagnostic> Errors(IEnumerable<Said> set) => Compile(set).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error);

    private static RuleCompilation Compile(IEnumerable<Said> set) =>
        RuleCompiler.Compile(new SourceText("cases.cep", RuleText.Stream + string.Concat(set.Select(s => s.Rule))));
}
