using Cep.Differential.Cases;
using Cep.Simulation.World;

namespace Cep.Simulation.Scenarios;

/// <summary>Draws what the splits of a program hold.</summary>
internal static class InputDrawing
{
    /// <summary>One to three splits, of unequal length and pace, with disorder and a few late records.</summary>
    public static IReadOnlyList<SimulatedInput> Draw(SplitMix64 random, bool isLive)
    {
        int splits = random.From(1, 3);
        int words = random.OneOf(3, 40, 300);
        int number = 0;
        return [.. Enumerable.Range(0, splits).Select(split => DrawSplit(random, split, words, isLive, ref number))];
    }

    private static SimulatedInput DrawSplit(SplitMix64 random, int split, int words, bool isLive, ref int number)
    {
        int count = random.OneOf(0, 50, 500, 2_000);
        int stepMs = random.From(1, 9);
        int delayMs = random.OneOf(0, 20, 100);
        var records = new List<Token>();
        for (int i = 0; i < count; i++)
        {
            long timeMs = 1_000 + (long)i * stepMs - random.Below(delayMs + 1) - (random.Chance(2) ? 2 * delayMs + 30 : 0);
            records.Add(new Token($"w{random.Below(words)}", timeMs, number++));
        }

        int batch = random.OneOf(10, 40, 200);
        var pauses = new Dictionary<int, int>();
        for (int i = 1; i <= count / batch; i++)
        {
            if (random.Chance(isLive ? 30 : 10)) pauses[i] = random.OneOf(1, 10, 100);
        }

        return new SimulatedInput($"split {split}", records, delayMs, batch, isLive && random.Chance(80) ? random.OneOf(5, 30) : null, pauses);
    }
}
