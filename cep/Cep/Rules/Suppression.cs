namespace Cep.Rules;

/// <summary>Tells at most one alert of a rule for the same values in a time, in event time. The number of those that were not told is told with the next one.</summary>
/// <remarks>
/// An alert at <c>t</c> begins a period up to, not including, <c>t + ForMs</c>; the first alert at or after its end is told and begins the next. Null is a value like others. Where the next alert
/// comes at or after <c>t + 2 * ForMs</c>, the number is no longer told with it; it is still counted for the rule.
/// </remarks>
/// <param name="By">Names of measures, or of fields of the key of the rule's first input where no measure has the name; at least one, each once.</param>
/// <param name="ForMs">How long, in milliseconds; at least 1.</param>
public sealed record Suppression(IReadOnlyList<string> By, long ForMs)
{
    /// <summary>The names of what alerts are compared by.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public IReadOnlyList<string> By { get; } = By.Count > 0 ? By : throw new ArgumentException("Alerts are suppressed by at least one value.", nameof(By));

    /// <summary>How long, in milliseconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public long ForMs { get; } = ForMs >= 1 ? ForMs : throw new ArgumentOutOfRangeException(nameof(ForMs), ForMs, "Alerts are suppressed for at least 1 millisecond.");
}
