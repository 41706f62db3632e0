using Cep.Benchmarks.ByHand;
using Cep.Benchmarks.Streams;
using Cep.Conditions;
using Cep.Patterns;

namespace Cep.Benchmarks.Queries;

/// <summary>The queries of the benchmark. With K keys there is one event of a key every K milliseconds, so windows grow with K.</summary>
internal static class Catalog
{
    private const int Variants = 100;

    public static IReadOnlyList<Query> All { get; } =
    [
        new("Q1", (t, _) => [Sequence(t.Step("a", t.Above(99)))], _ => new Above(99))
        {
            Golden = Counts(50_115, 50_115),
        },
        new("Q2", (t, k) => [ThreeSteps(t, 90, 1000L * k)], k => new ThreeSteps([90], 1000L * k))
        {
            Golden = Counts(94_443, 39_710),
        },
        new("Q3", (t, _) => [Strict(t)], _ => new StrictSequence())
        {
            Golden = Counts(5_106, 5_131),
        },
        new("Q4", (t, k) => [RisesThenFall(t, 1000L * k)], k => new RisesThenFall(80, 1000L * k))
        {
            Golden = Counts(176_800, 123_618),
        },
        new("Q5", (t, k) => [Absence(t, 100L * k)], k => new Absence(95, 100L * k))
        {
            Golden = Counts(2_520, 1_938),
        },
        new("Q6", (t, k) => Thresholds.Select(above => ThreeSteps(t, above, 1000L * k)), k => new ThreeSteps(Thresholds, 1000L * k)),
        new("G1", (t, _) => [AnyOrder(t, 100)], _ => new SkipTillAny(100))
        {
            Keys = [1], Stream = (count, _) => TickStream.Digits(count), GoldenEvents = 1_000_000, Golden = new Dictionary<int, long> { [1] = 4_849_061 },
        },
    ];

    /// <summary>90.0, 90.1, ... 99.9.</summary>
    private static double[] Thresholds => Enumerable.Range(0, Variants).Select(i => 90 + i / 10.0).ToArray();

    private static Dictionary<int, long> Counts(long one, long tenThousand) => new() { [1] = one, [10_000] = tenThousand };

    private static Pattern Sequence(params PatternStep[] steps) => new() { Steps = steps };

    /// <summary><c>a: A > p -> b: B > p -> c: C > p</c></summary>
    private static Pattern ThreeSteps(Ticks t, double above, long withinMs) => Sequence(
        t.Step("a", t.TypeIs("A"), t.Above(above)),
        t.Step("b", t.TypeIs("B"), t.Above(above)),
        t.Step("c", t.TypeIs("C"), t.Above(above))) with { WithinMs = withinMs };

    /// <summary><c>a: A => b: B => c: C</c></summary>
    private static Pattern Strict(Ticks t) => Sequence(
        t.Step("a", t.TypeIs("A")),
        t.Step("b", t.TypeIs("B")) with { Link = Contiguity.Strict },
        t.Step("c", t.TypeIs("C")) with { Link = Contiguity.Strict });

    /// <summary><c>a: A > 80 -> rise{3,}: price > last(rise.price, a.price) -> c: C and price &lt; a.price</c></summary>
    private static Pattern RisesThenFall(Ticks t, long withinMs)
    {
        var last = ExprFactory.Call(Function.Coalesce, t.PriceOf("rise"), t.PriceOf("a"));
        var isRise = ExprFactory.Binary(BinaryOperator.Greater, t.Price, last);
        var isBelow = ExprFactory.Binary(BinaryOperator.Less, t.Price, t.PriceOf("a"));
        return Sequence(
            t.Step("a", t.TypeIs("A"), t.Above(80)),
            t.Step("rise", isRise) with { Quantifier = new Quantifier { Min = 3, Max = null, IsGreedy = true } },
            t.Step("c", t.TypeIs("C"), isBelow)) with { WithinMs = withinMs };
    }

    /// <summary><c>a: A > 95 -> not b: B</c></summary>
    private static Pattern Absence(Ticks t, long withinMs) => Sequence(
        t.Step("a", t.TypeIs("A"), t.Above(95)),
        t.Step("b", t.TypeIs("B")) with { IsNegated = true }) with { WithinMs = withinMs };

    /// <summary><c>a: 0 ->> b: 1 ->> c: 2</c></summary>
    private static Pattern AnyOrder(Ticks t, long withinMs) => Sequence(
        t.Step("a", t.TypeIs("0")),
        t.Step("b", t.TypeIs("1")) with { Link = Contiguity.NonDeterministicRelaxed },
        t.Step("c", t.TypeIs("2")) with { Link = Contiguity.NonDeterministicRelaxed }) with { WithinMs = withinMs };
}
