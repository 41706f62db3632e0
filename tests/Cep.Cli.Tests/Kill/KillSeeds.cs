using System.Globalization;

namespace Cep.Cli.Tests.Kill;

/// <summary>
/// Which runs are killed: a few by default, over little input. With the variable CEP_KILL_RUNS so many, over two million events; from the seed CEP_KILL_SEED on, so
/// that many runs can be done in parts, and one can be done again.
/// </summary>
internal readonly record struct KillSeeds
{
    // Two million events.
    private const int ManyDays = 370;

    private readonly int _fewDays;

    /// <param name="fewRuns">How many by default.</param>
    /// <param name="fewDays">Over how many days of the fraud sample.</param>
    public KillSeeds(int fewRuns, int fewDays)
    {
        var asked = Number("CEP_KILL_RUNS");
        AreMany = asked is not null;
        Count = asked ?? fewRuns;
        First = Number("CEP_KILL_SEED") ?? 1;
        _fewDays = fewDays;
    }

    /// <summary>How many runs.</summary>
    public int Count { get; }

    /// <summary>Whether they are over two million events.</summary>
    public bool AreMany { get; }

    /// <summary>The days of the fraud sample that are read.</summary>
    public int Days => AreMany ? ManyDays : _fewDays;

    /// <summary>The seeds, one a run.</summary>
    public IEnumerable<int> All => Enumerable.Range(First, Count);

    private int First { get; }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
