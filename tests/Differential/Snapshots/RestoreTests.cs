using Cep.Differential.Cases;
using Cep.Evaluation;
using Cep.Patterns;

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

    /// <summary><c>a{1,2} -> not n in 2ms within 10ms</c>: the absence is certain at 2 and drops the wait for a second a, which is still told when it runs out.</summary>
    [Fact]
    public void What_a_match_at_a_deadline_dropped_is_remembered_until_the_next_event()
    {
        var c = new RandomCase(
            new Pattern
            {
                Steps =
                [
                    new EventStep { Name = "a", Stream = Tick.Type, Where = Tick.Is("a"), Quantifier = Quantifier.One with { Max = 2 } },
                    new EventStep { Name = "n", Stream = Tick.Type, Where = Tick.Is("n"), IsNegated = true, GapMs = 2 },
                ],
                WithinMs = 10,
                Skip = AfterMatchSkip.PastLast,
            },
            [new(new Tick { Kind = "a" }, 0), new(new Tick { Kind = "b" }, 1)]);
        var told = EvaluatorRun.AnswerWithRestores(c, CompiledPattern.Of(c.Pattern));
        Assert.Equal([new Told(false, "a[0]", 2), new Told(true, "a[0]", 10)], told);
        Assert.Null(Judging.Verdict.Difference(c));
    }
}
