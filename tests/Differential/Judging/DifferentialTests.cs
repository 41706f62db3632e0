using System.Globalization;
using Cep.Differential.Cases;
using Xunit.Abstractions;

namespace Cep.Differential.Judging;

public class DifferentialTests(ITestOutputHelper output)
{
    private const int CasesByDefault = 2_000;
    private const int DifferencesToldMax = 5;

    [Fact]
    public void Evaluator_answers_random_cases_as_the_judge_does()
    {
        var seed = Number("CEP_DIFFERENTIAL_SEED", 1);
        var count = Number("CEP_DIFFERENTIAL_CASES", CasesByDefault);
        var told = new Dictionary<string, int>();
        var differences = new List<string>();
        for (var i = 0UL; i < count && differences.Count < DifferencesToldMax; i++)
        {
            var c = CaseGenerator.Case(seed + i);
            if (Verdict.Difference(c, told) is not null)
                differences.Add(Report(seed + i, c));
        }
        output.WriteLine($"{count} cases from seed {seed}: {string.Join(", ", told.Select(t => $"{t.Value} {t.Key}"))}");
        Assert.True(differences.Count == 0, $"Of {count} cases from seed {seed}:\n\n{string.Join("\n", differences)}");
        // A few cases played again prove nothing about the generator.
        if (count >= CasesByDefault)
            Assert.All(told.Values, n => Assert.True(n > (int)count / 2, "The cases prove little."));
    }

    [Fact]
    public void Failing_case_is_made_small()
    {
        var c = CaseGenerator.Case(4);
        var small = Shrinker.Shrink(c, s => s.Events.Count(e => e.Kind == "a") >= 2 && s.Pattern.Steps.Count >= 2);
        Assert.Equal((2, 2), (small.Events.Count, small.Pattern.Steps.Count));
        Assert.All(small.Pattern.Steps, s => Assert.Equal(Patterns.Quantifier.One, s.Quantifier));
    }

    private static string Report(ulong seed, RandomCase c)
    {
        var small = Shrinker.Shrink(c, s => Verdict.Difference(s) is not null);
        return $"""
            {CaseText.Of(small)}{Verdict.Difference(small)}
            again: CEP_DIFFERENTIAL_SEED={seed} CEP_DIFFERENTIAL_CASES=1 dotnet test tests/Differential --filter {nameof(DifferentialTests)}

            """;
    }

    private static ulong Number(string variable, ulong otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
