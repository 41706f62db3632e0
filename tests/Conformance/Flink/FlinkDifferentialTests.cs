using Cep.Conformance.Model;
using Cep.Conformance.Reports;
using Cep.Conformance.Text;
using Xunit.Abstractions;

namespace Cep.Conformance.Flink;

/// <summary>
/// Compares us with Flink on cases that no file holds. <c>CEP_FLINK_SEEDS=1000-1003</c> chooses the seeds, <c>CEP_FLINK_COUNT</c> how many cases each
/// seed and profile makes, 200 by default.
/// </summary>
[Trait("Category", "Flink")]
public class FlinkDifferentialTests(ITestOutputHelper output)
{
    public static TheoryData<string> Profiles => [.. FlinkOperator.Profiles];

    [FlinkTheory]
    [MemberData(nameof(Profiles))]
    public void Fresh_cases_are_answered_as_Flink_does(string profile)
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("CEP_FLINK_COUNT") ?? "200");
        var failures = "";
        foreach (var seed in FlinkTheoryAttribute.Seeds)
        {
            var name = $"{profile}, seed {seed}";
            var cases = FlinkOperator.Ask(seed, count, profile);
            foreach (var report in new[] { ModelPath.Judge(name, cases), TextPath.Judge(name, cases) })
            {
                var text = ReportText.Of(report);
                output.WriteLine(text);
                failures += report.Failures.Count == 0 ? "" : text;
            }
        }
        Assert.True(failures.Length == 0, failures);
    }
}

/// <summary>A theory that asks Flink's operator: skipped, with the reason, unless seeds are chosen and the operator is there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FlinkTheoryAttribute : TheoryAttribute
{
    private const string Variable = "CEP_FLINK_SEEDS";

    /// <summary>Looks for seeds and for the operator.</summary>
    public FlinkTheoryAttribute() => Skip = Seeds.Count == 0 ? $"No seeds are chosen: set {Variable}, for example to 1000-1003." : FlinkOperator.Missing;

    /// <summary>The seeds chosen: <c>1000</c>, or a range such as <c>1000-1003</c>; none by default.</summary>
    public static IReadOnlyList<int> Seeds
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text)
                return [];
            var ends = text.Split('-').Select(int.Parse).ToArray();
            return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1).ToArray();
        }
    }
}
