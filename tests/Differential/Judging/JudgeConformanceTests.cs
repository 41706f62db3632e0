using Cep.Conformance.Cases;
using Cep.Conformance.Model;
using Cep.Conformance.Reports;
using Cep.Differential.Cases;
using Cep.Patterns;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Cep.Differential.Judging;

public partial class JudgeConformanceTests
{
    private const int OrdersTried = 64;

    [Fact]
    public void Judge_answers_as_Flink_does()
    {
        var lines = new List<string>();
        foreach (var file in CaseFiles.All())
        {
            var (same, differ, first) = (0, 0, new List<string>());
            foreach (var c in CaseFiles.Read(file))
            {
                if (c.Expect.Matches is null || c.Watermarks is not null || c.KeyedBy is not null || c.Pattern.Skip is { Throw: true })
                    continue;
                var verdict = Judged(c);
                if (verdict.Differences.Count == 0)
                    same++;
                else
                {
                    differ++;
                    first.Add($"   {c.Id} {string.Join("; ", verdict.Differences.Take(4))}");
                }
            }
            lines.Add($"{file}: {same} same, {differ} differ");
            lines.AddRange(first.Take(4));
        }
        Assert.Fail(string.Join("\n", lines));
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
        });
        var byKind = told.ToLookup(t => t.IsTimeout, t => new Conformance.Reports.Told(AsArrived(t.Events, order), t.AtMs));
        return new Answer(byKind[false].DistinctBy(t => t.Events).ToArray(), byKind[true].ToArray(), [], MatchesBeforeEnd: null);
    }

    /// <summary>Positions by time as positions by arrival.</summary>
    private static string AsArrived(string events, int[] order) =>
        Position().Replace(events, m => order[int.Parse(m.Value, CultureInfo.InvariantCulture)].ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(?<=[\[,])\d+")]
    private static partial Regex Position();
}
