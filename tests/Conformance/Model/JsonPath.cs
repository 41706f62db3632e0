using Cep.Conformance.Cases;
using Cep.Conformance.Reports;
using Cep.Language.Json;

namespace Cep.Conformance.Model;

/// <summary>Judges cases through the JSON form: the pattern is written as JSON, read back, and run.</summary>
public static class JsonPath
{
    /// <summary>Judges all cases of a file.</summary>
    public static FileReport Judge(string file, IReadOnlyList<Case> cases)
    {
        var report = new FileReport(file, CasePath.Json);
        foreach (var c in cases)
        {
            if (c.Expect.CanMatchEmpty is not null)
                report.SetAsideNoForm(c, "a question about the pattern, not about events");
            else
                report.Judge(c, Judge(c));
        }
        return report;
    }

    private static Verdict Judge(Case c)
    {
        var json = PatternJson.Write(PatternBuilder.Build(c.Pattern));
        var reading = PatternJson.Read(json, [CaseEvent.EventType]);
        return (reading.Pattern, c.Expect.Error) switch
        {
            ({ } pattern, { }) when c.Pattern.Skip is { Throw: true } => ModelPath.FailsWhenRun(c, pattern),
            (null, { }) => Verdict.Same,
            (_, { } error) => Verdict.Differs("accepted, and should be rejected: " + error),
            (null, _) => new Verdict(reading.Problems.Select(p => "rejected: " + p).ToArray()),
            _ when PatternJson.Write(reading.Pattern) is var again && again != json => Verdict.Differs($"{json}\nis written again as\n{again}"),
            _ => Comparison.Compare(c, ModelRun.Answer(c, reading.Pattern)),
        };
    }
}
