using Cep.Differential.Cases;
using Cep.Evaluation;

namespace Cep.Differential.Judging;

public class DifferentialTests
{
    [Fact]
    public void Evaluator_answers_as_the_judge_does()
    {
        var differ = new List<string>();
        for (var seed = 0UL; seed < 3000; seed++)
        {
            if (Verdict.Difference(CaseGenerator.Case(seed)) is { } d)
                differ.Add($"{seed}: {d}");
        }
        Assert.True(differ.Count == 0, $"{differ.Count}\n" + string.Join("\n", differ.Take(12)));
    }
}
