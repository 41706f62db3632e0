using Cep.SampleData;

namespace Cep.Benchmarks.Streams;

/// <summary>Streams that anyone can rebuild: SplitMix64 from seed 42, one event a millisecond from 1 on.</summary>
internal static class TickStream
{
    private const ulong Seed = 42;

    /// <summary>
    /// Keyed events with a type and a price. Three draws an event: key; type, A with 20 %, B 3 %, C 17 %, D 25 %, E 35 %; price, evenly over [0, 100).
    /// </summary>
    public static Tick[] Keyed(int count, int keys)
    {
        var random = new SplitMix64(Seed);
        var ticks = new Tick[count];
        for (var i = 0; i < count; i++)
        {
            ticks[i] = new Tick
            {
                Key = random.Below(keys),
                Type = TypeOf(random.Below(100)),
                Price = random.Unit() * 100,
                TimeMs = i + 1,
            };
        }
        return ticks;
    }

    /// <summary>Events of one key whose type is a digit, each as likely as the others. One draw an event.</summary>
    public static Tick[] Digits(int count)
    {
        var digits = Enumerable.Range(0, 10).Select(d => d.ToString()).ToArray();
        var random = new SplitMix64(Seed);
        var ticks = new Tick[count];
        for (var i = 0; i < count; i++)
            ticks[i] = new Tick { Type = digits[random.Below(10)], TimeMs = i + 1 };
        return ticks;
    }

    private static string TypeOf(int percentile) => percentile switch
    {
        < 20 => "A",
        < 23 => "B",
        < 40 => "C",
        < 65 => "D",
        _ => "E",
    };
}
