using Cep.Conformance.Cases;
using Cep.Conformance.Model;

namespace Cep.Conformance.Reports;

public class DeviationsTests
{
    [Fact]
    public void At_most_ten_cases_are_answered_otherwise_than_Flink_does() => Assert.InRange(Deviations.All.Count, 0, 10);

    [CaseFact]
    public void The_cases_answered_otherwise_than_Flink_does_are_those_listed()
    {
        foreach (var path in Enum.GetValues<CasePath>())
        {
            var otherwise = CaseFiles.All().Select(file => Reports.Of(file, path)).SelectMany(r => r.Otherwise).Select(c => c.Id);
            Assert.Equal(Deviations.All.Select(d => d.Case), otherwise.Order(StringComparer.Ordinal));
        }
    }

    [CaseFact]
    public void What_is_answered_instead_is_what_Flink_answers_once_time_goes_on()
    {
        var cases = CaseFiles.All().SelectMany(CaseFiles.Read).ToDictionary(c => c.Id);
        foreach (var deviation in Deviations.All)
        {
            var c = cases[deviation.Case];
            var got = ModelRun.Answer(c, PatternBuilder.Build(c.Pattern)).Matches.Select(m => m.Events);
            Assert.Equal(deviation.Matches, got.Order(StringComparer.Ordinal));
        }
    }
}
