namespace Cep.Rules;

/// <summary>Tells at most so many alerts of a rule in any span of event time. The number of those that were not told is told with the next one.</summary>
/// <remarks>Only alerts that are told count: at <c>t</c> those after <c>t - PerMs</c>. What <see cref="Rule.Suppression"/> keeps back is not asked for.</remarks>
/// <param name="Count">The most that are told; 1 to <see cref="MostAlerts"/>.</param>
/// <param name="PerMs">The span, in milliseconds; at least 1.</param>
public sealed record AlertLimit(int Count, long PerMs)
{
    /// <summary>The most that a limit can allow: the time of each alert told is remembered for the span.</summary>
    public const int MostAlerts = 1_000_000;

    /// <summary>The most that are told.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 1 to <see cref="MostAlerts"/>.</exception>
    public int Count { get; } = Count is >= 1 and <= MostAlerts ? Count : throw new ArgumentOutOfRangeException(nameof(Count), Count, $"A limit allows 1 to {MostAlerts} alerts.");

    /// <summary>The span, in milliseconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public long PerMs { get; } = PerMs >= 1 ? PerMs : throw new ArgumentOutOfRangeException(nameof(PerMs), PerMs, "A limit is for at least 1 millisecond.");
}
