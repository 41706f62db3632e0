using Cep.Matching;
using Cep.Patterns;
using Xunit;

namespace Cep.Tests.Matching;

/// <summary>What the README shows: the library in a program of one's own.</summary>
public class EmbeddingTests
{
    [Fact]
    public void Card_testing_is_found_in_a_few_lines()
    {
        var output = new StringWriter();
        var start = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        Payment[] payments =
        [
            new("4711", 1, start), new("4711", 2, start.AddMinutes(1)), new("0815", 900, start.AddMinutes(2)),
            new("4711", 3, start.AddMinutes(2)), new("4711", 19, start.AddMinutes(3)), new("4711", 500, start.AddMinutes(4)),
        ];

        var cardTesting = Pattern.Begin<Payment>("probe").Where(p => p.Amount < 5).TimesOrMore(3)
            .FollowedBy("hit").Where((p, m) => p.Amount > 10 * m["probe"].Average(x => x.Amount))
            .Within(TimeSpan.FromMinutes(10))
            .Build();

        var matcher = PatternMatcher<Payment>.ByKey(cardTesting, p => p.Card, p => p.At);
        foreach (var payment in payments)
        {
            foreach (var match in matcher.Offer(payment))
                output.WriteLine($"{payment.Card}: {match["probe"].Count} probes, then {match["hit"][0].Amount}");
        }

        Assert.Equal("4711: 3 probes, then 500" + Environment.NewLine, output.ToString());
    }

    private sealed record Payment(string Card, decimal Amount, DateTimeOffset At);
}
