using System.Collections.Concurrent;
using System.Globalization;
using Cep.Differential.Cases;
using Xunit.Abstractions;

namespace Cep.Differential.Judging;

/// <summary>
/// Random cases, told by their seeds: 20,000 by default. <c>CEP_DIFFERENTIAL_CASES=200000 CEP_DIFFERENTIAL_SEED=1 dotnet test -c Release tests/Differential
/// --filter DifferentialTests</c> chooses how many and from which seed on.
/// </summary>
public class DifferentialTests(ITestOutputHelper output)
{
    private const int CasesByDefault = 20_000;
    private const int DifferencesToldMax = 5;
    private const string TooLarge = "too large to be judged";

    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly ConcurrentDictionary<ulong, string> _differences = new();

    [Fact]
    public void Evaluator_answers_random_cases_as_the_judge_does()
    {
        var seed = Number("CEP_DIFFERENTIAL_SEED", 1);
        var count = Number("CEP_DIFFERENTIAL_CASES", CasesByDefault);
        Parallel.ForEach(Partitioner.Create(0L, (long)count), range =>
        {
            for (var i = range.Item1; i < range.Item2 && _differences.Count < DifferencesToldMax; i++)
                Try(seed + (ulong)i);
        });
        var told = $"{count} cases from seed {seed}: {string.Join(", ", _counts.OrderBy(c => c.Key).Select(c => $"{c.Value} {c.Key}"))}";
        output.WriteLine(told);
        Assert.True(_differences.IsEmpty, $"{told}\n\n{string.Join("\n", _differences.OrderBy(d => d.Key).Select(d => d.Value))}");
        Assert.True(_counts.GetValueOrDefault(TooLarge) <= (long)count / 1_000, $"Too many cases have no verdict. {told}");
        // A few cases played again prove nothing about the generator.
        if (count >= CasesByDefault)
            Assert.All(_counts.Where(c => c.Key != TooLarge), c => Assert.True(c.Value > (long)count / 2, $"The cases prove little. {told}"));
    }

    private void Try(ulong seed)
    {
        var c = CaseGenerator.Case(seed);
        try
        {
            if (Verdict.Difference(c, Count) is not null)
                _differences[seed] = Report(seed, c);
        }
        catch (TooLargeException)
        {
            Count(TooLarge, 1);
        }
    }

    private void Count(string what, int count) => _counts.AddOrUpdate(what, count, (_, before) => before + count);

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
