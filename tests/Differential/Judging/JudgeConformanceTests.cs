using System.Globalization;
using System.Text.RegularExpressions;
using Cep.Conformance.Cases;
using Cep.Conformance.Model;
using Cep.Conformance.Reports;
using Cep.Differential.Cases;
using Cep.Patterns;
using Xunit.Abstractions;

namespace Cep.Differential.Judging;

public partial class JudgeConformanceTests(ITestOutputHelper output)
{
    private const int OrdersTried = 64;

    /// <summary>Cases with a key, with watermarks of their own, or with a skip strategy that fails are about the operator, not about what a pattern means.</summary>
    [Fact]
    public void Judge_answers_as_Flink_does()
    {
        var files = CaseFiles.All();
        if (CaseFiles.Missing is { } missing)
            output.WriteLine("Skipped. " + missing);
        foreach (var file in files)
        {
            var cases = CaseFiles.Read(file);
            var judged = cases.Where(c => c is { Expect.Matches: not null, Watermarks: null, KeyedBy: null, Pattern.Skip: not { Throw: true } }).ToArray();
            var differences = judged.SelectMany(c => Judged(c).Differences.Select(d => $"{c.Id}: {d}")).ToArray();
            output.WriteLine($"{file}: {judged.Length} of {cases.Count} cases judged");
            Assert.True(differences.Length == 0, string.Join("\n", differences.Take(20)));
        }
    }

    private static Conformance.Reports.Verdict Judged(Case c)
    {
        var pattern = PatternBuilder.Build(c.Pattern);
        if (PatternRules.Check(pattern) is [var problem, ..])
            return Conformance.Reports.Verdict.Differs("rejected: " + problem.Reason);
        var wanted = c.Expect.Matches!.Select(m => Taken.Text(m)).ToHashSet();
        // Which of several that end together comes first is not told. So the choices are tried one after the other, each a number in mixed radix.
        return Enumerable.Range(0, OrdersTried).Select(order => Comparison.Compare(c, Answer(c, pattern, due =>
        {
            var possible = due.Where(wanted.Contains).ToArray();
            (order, var choice) = possible.Length == 0 ? (order, 0) : Math.DivRem(order, possible.Length);
            return possible.ElementAtOrDefault(choice);
        }))).FirstOrDefault(v => v.Differences.Count == 0) ?? Conformance.Reports.Verdict.Differs("in every order of those that end together");
    }

    private static Answer Answer(Case c, Pattern pattern, Func<IEnumerable<string>, string?> choose)
    {
        var order = Enumerable.Range(0, c.Events.Count).OrderBy(i => c.Events[i].T).ToArray();
        var events = order.Select(i => new TimedEvent(CaseEvent.Of(c, i), c.Events[i].T)).ToArray();
        var told = Judge.Answer(pattern, events, due =>
        {
            var chosen = choose(due.Select(d => AsArrived(d.Events, order)));
            return due.FirstOrDefault(d => AsArrived(d.Events, order) == chosen, due[0]);
        }, isTold: _ => false);
        var byKind = told.ToLookup(t => t.IsTimeout, t => new Conformance.Reports.Told(AsArrived(t.Events, order), t.AtMs));
        return new Answer(byKind[false].DistinctBy(t => t.Events).ToArray(), byKind[true].ToArray(), [], MatchesBeforeEnd: null);
    }

    /// <summary>Positions by time as positions by arrival.</summary>
    private static string AsArrived(string events, int[] order) =>
        Position().Replace(events, m => order[int.Parse(m.Value, CultureInfo.InvariantCulture)].ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(?<=[\[,])\d+")]
    private static partial Regex Position();
}
