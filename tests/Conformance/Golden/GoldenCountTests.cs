using System.Diagnostics;
using Xunit.Abstractions;

namespace Cep.Conformance.Golden;

/// <summary>
/// Counts over the golden streams that a hand-written program, Trill and NEsper agree on, reached by the keyed operator. Meant for a Release build.
/// </summary>
public class GoldenCountTests(ITestOutputHelper output)
{
    private const int EventsOfG1 = 1_000_000;
    private const int EventsOfG2 = 5_000_000;

    // The runs of the loop are held one by one, and a window of 100 ms has thousands: there the first events stand for all.
    [Theory]
    [InlineData(20, EventsOfG1)]
    [InlineData(100, 10_000)]
    public void Every_subset_of_a_loop_is_a_match(int windowMs, int events)
    {
        var rule = new GoldenRule($"a: ev where type == 0 ->> b{{1,}}? any: ev where type == 1 ->> c: ev where type == 2 within {windowMs}ms skip none");
        Check(Subsets(windowMs, events), () => rule.Count(GoldenStream.Types(events)));
    }

    [Theory]
    [InlineData(20, 320_840)]
    [InlineData(100, 1_295_324_251)]
    public void Subsets_counted_by_hand_are_the_golden_count(int windowMs, long expected) => Assert.Equal(expected, Subsets(windowMs, EventsOfG1));

    [Fact]
    public void Every_triple_of_a_sequence_is_a_match()
    {
        var rule = new GoldenRule("a: ev where type == 0 ->> b: ev where type == 1 ->> c: ev where type == 2 within 100ms skip none");
        Check(4_849_061, () => rule.Count(GoldenStream.Types(EventsOfG1)));
    }

    [Theory]
    [InlineData(1, 50_115)]
    [InlineData(10_000, 50_115)]
    public void Q1_filter(int keys, long expected) => CheckG2(keys, expected, "a: ev where price > 99 within forever skip none");

    [Theory]
    [InlineData(1, 94_443)]
    [InlineData(10_000, 39_710)]
    public void Q2_relaxed_sequence(int keys, long expected) => CheckG2(keys, expected,
        $"a: ev where type == 0 and price > 90 -> b: ev where type == 1 and price > 90 -> c: ev where type == 2 and price > 90 within {1000L * keys}ms skip none");

    [Theory]
    [InlineData(1, 5_106)]
    [InlineData(10_000, 5_131)]
    public void Q3_strict_sequence(int keys, long expected) => CheckG2(keys, expected,
        "a: ev where type == 0 => b: ev where type == 1 => c: ev where type == 2 within forever skip none");

    // The golden count is of one match for each `a`: `skip to next`.
    [Theory]
    [InlineData(1, 176_800)]
    [InlineData(10_000, 123_618)]
    public void Q4_rising_prices(int keys, long expected) => CheckG2(keys, expected, RisingPrices(keys, "to next"));

    // Without a skip Flink tells an `a` again each time its prices have risen on; the counts are those of Flink's operator.
    [Theory]
    [InlineData(1, 100_000, 10_742)]
    [InlineData(10_000, 200_000, 108)]
    public void Q4_with_every_match(int keys, int events, long expected)
    {
        var rule = new GoldenRule(RisingPrices(keys, "none"));
        Check(expected, () => rule.Count(GoldenStream.Prices(events, keys)));
    }

    [Theory]
    [InlineData(1, 2_520)]
    [InlineData(10_000, 1_938)]
    public void Q5_absence(int keys, long expected)
    {
        var rule = new GoldenRule($"a: ev where type == 0 and price > 95 -> not b: ev where type == 1 within {100L * keys}ms skip none");
        // Deadlines after the last event are not counted.
        Check(expected, () => rule.CountUntil(EventsOfG2, GoldenStream.Prices(EventsOfG2, keys)));
    }

    /// <summary>The non-empty subsets of the ones between each zero and each two behind it, less than the window apart.</summary>
    private static long Subsets(int windowMs, int events)
    {
        var types = GoldenStream.Types(events).Select(e => e.Type).ToArray();
        var subsets = 0L;
        for (var first = 0; first < types.Length; first++)
        {
            if (types[first] != 0)
                continue;
            var ones = 0;
            for (var next = first + 1; next < Math.Min(first + windowMs, types.Length); next++)
            {
                ones += types[next] == 1 ? 1 : 0;
                subsets += types[next] == 2 ? (1L << ones) - 1 : 0;
            }
        }
        return subsets;
    }

    private static string RisingPrices(int keys, string skip) => $$"""
        a: ev where type == 0 and price > 80
        -> rise{3,}: ev where price > last(rise.price, a.price)
        -> c: ev where type == 2 and price < a.price
        within {{1000L * keys}}ms skip {{skip}}
        """;

    private void CheckG2(int keys, long expected, string match)
    {
        var rule = new GoldenRule(match);
        Check(expected, () => rule.Count(GoldenStream.Prices(EventsOfG2, keys)));
    }

    private void Check(long expected, Func<long> count)
    {
        var started = Stopwatch.GetTimestamp();
        Assert.Equal(expected, count());
        output.WriteLine($"{expected:N0} matches in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
    }
}
