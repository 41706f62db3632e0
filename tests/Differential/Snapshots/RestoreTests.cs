using Cep.Differential.Cases;
using Cep.Evaluation;

namespace Cep.Differential.Snapshots;

public class RestoreTests
{
    private const int Cases = 2_000;

    [Fact]
    public void State_that_is_written_and_read_back_around_every_event_gives_the_same_answers_in_the_same_order()
    {
        var told = 0;
        for (var seed = 0UL; seed < Cases; seed++)
        {
            var c = CaseGenerator.Case(seed);
            var pattern = CompiledPattern.Of(c.Pattern);
            var straight = EvaluatorRun.Answer(c, pattern);
            var restored = EvaluatorRun.AnswerWithRestores(c, pattern);
            Assert.True(straight.SequenceEqual(restored), $"Case {seed}:\n{string.Join("\n", straight)}\nand with restores:\n{string.Join("\n", restored)}");
            told += straight.Count;
        }
        Assert.True(told > Cases, $"Only {told} matches and timeouts: the cases prove little.");
    }
}
