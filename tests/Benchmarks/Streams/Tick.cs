namespace Cep.Benchmarks.Streams;

/// <summary>An event of the synthetic streams, as a user of the library would write its class.</summary>
public sealed class Tick
{
    /// <summary>Whose event it is, 0 to K - 1.</summary>
    public int Key { get; init; }

    /// <summary>What it is: one letter, or one digit.</summary>
    public string Type { get; init; } = "";

    /// <summary>In [0, 100).</summary>
    public double Price { get; init; }

    /// <summary>Event time, Unix milliseconds.</summary>
    public long TimeMs { get; init; }
}
