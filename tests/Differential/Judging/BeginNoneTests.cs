using System.Globalization;
using System.Text.RegularExpressions;
using Cep.Differential.Cases;
using Cep.Evaluation;
using Cep.Patterns;

namespace Cep.Differential.Judging;

public partial class BeginNoneTests
{
    private const int Cases = 1_500;

    [Fact]
    public void Runs_that_have_begun_give_the_same_answers_when_no_more_begin()
    {
        var (before, all) = (0, 0);
        for (var seed = 0UL; seed < Cases; seed++)
        {
            var c = CaseGenerator.Case(seed);
            var pattern = CompiledPattern.Of(c.Pattern);
            var told = EvaluatorRun.Answer(c, pattern);
            for (var position = 0; position < c.Events.Count; position++)
            {
                var expected = Ordered(told.Where(t => First(t) < position), c);
                var actual = Ordered(EvaluatorRun.AnswerOfRunsBegunBefore(position, c, pattern), c);
                Assert.True(expected.SequenceEqual(actual), $"Case {seed}, none from {position} on:\n{CaseText.Of(c)}\n{string.Join("\n", expected)}\nbut found\n{string.Join("\n", actual)}");
                (before, all) = (before + expected.Count, all + told.Count);
            }
        }
        Assert.True(before > Cases && before < all, $"{before} answers of {all}: the cases prove little.");
    }

    /// <summary>
    /// Answers as text, in an order of their own: that of answers of one time comes from how runs lie in a heap, later ones among them. So does which of the matches with one first event a
    /// skip strategy tells; of those, only that first event and the time are compared.
    /// </summary>
    private static List<string> Ordered(IEnumerable<Told> told, RandomCase c) => told
        .Select(t => c.Pattern.Skip.Kind == SkipKind.None ? t.ToString() : $"{(t.IsTimeout ? "timeout" : "match")} from {First(t)} at {t.AtMs}").Distinct().Order(StringComparer.Ordinal).ToList();

    /// <summary>The position of the first event.</summary>
    private static int First(Told told) => Position().Matches(told.Events).Min(m => int.Parse(m.ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex("(?<=[\\[,])[0-9]+(?=[\\],])")]
    private static partial Regex Position();
}
