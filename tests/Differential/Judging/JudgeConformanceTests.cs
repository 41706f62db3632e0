using Cep.Conformance.Cases;
using Cep.Conformance.Model;
using Cep.Conformance.Reports;
using Cep.Differential.Cases;
using Cep.Patterns;

namespace Cep.Differential.Judging;

public class JudgeConformanceTests
{
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

    private static Cep.Conformance.Reports.Verdict Judged(Case c)
    {
        var pattern = PatternBuilder.Build(c.Pattern);
        if (PatternRules.Check(pattern).Count > 0)
            return Cep.Conformance.Reports.Verdict.Differs("rejected");
        var order = Enumerable.Range(0, c.Events.Count).OrderBy(i => c.Events[i].T).ToArray();
        var events = order.Select(i => new TimedEvent(CaseEvent.Of(c, i), c.Events[i].T)).ToArray();
        var want = c.Expect.Matches!.Select(m => Taken.Text(m)).ToHashSet();
        var told = Judge.Answer(pattern, events, due => due.FirstOrDefault(d => want.Contains(In(d.Events, order)), due[0]));
        var answer = told.ToLookup(t => t.IsTimeout, t => new Cep.Conformance.Reports.Told(In(t.Events, order), t.AtMs));
        return Comparison.Compare(c, new Answer(answer[false].DistinctBy(t => t.Events).ToArray(), answer[true].ToArray(), [], null));
    }

    private static string In(string events, int[] order) => System.Text.RegularExpressions.Regex.Replace(events, @"(?<=[\[,])\d+", m => order[int.Parse(m.Value)].ToString());
}
