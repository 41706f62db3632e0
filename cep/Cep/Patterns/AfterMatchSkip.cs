namespace Cep.Patterns;

/// <summary>Where matching goes on after a match.</summary>
public enum SkipKind
{
    /// <summary>Every match is emitted.</summary>
    None,

    /// <summary>Partial matches that start with the match's first event, or before, are dropped.</summary>
    ToNext,

    /// <summary>Partial matches that start up to the match's last event are dropped.</summary>
    PastLast,

    /// <summary>Partial matches that start before the first event of a named step are dropped.</summary>
    ToFirst,

    /// <summary>Partial matches that start before the last event of a named step are dropped.</summary>
    ToLast,
}

/// <summary>
/// Which partial matches a match drops. With any kind but <see cref="SkipKind.None"/> a completed match is held back while a partial match that
/// started earlier lives.
/// </summary>
/// <param name="Kind">Where matching goes on.</param>
/// <param name="Step">The step of <see cref="SkipKind.ToFirst"/> and <see cref="SkipKind.ToLast"/>, else null.</param>
/// <param name="FailsOnMiss">Whether a match in which the step took nothing, or took the first event of the match, is an error.</param>
public sealed record AfterMatchSkip(SkipKind Kind, string? Step = null, bool FailsOnMiss = false)
{
    /// <summary>Every match is emitted, as soon as it is complete. Flink's <c>noSkip</c>.</summary>
    public static AfterMatchSkip None { get; } = new(SkipKind.None);

    /// <summary>One match for each first event. Flink's <c>skipToNext</c>.</summary>
    public static AfterMatchSkip ToNext { get; } = new(SkipKind.ToNext);

    /// <summary>Matches do not overlap. Flink's <c>skipPastLastEvent</c>.</summary>
    public static AfterMatchSkip PastLast { get; } = new(SkipKind.PastLast);

    /// <summary>Matching goes on at the first event of a step; nothing is dropped where the step took none. Flink's <c>skipToFirst</c>.</summary>
    /// <param name="step">The name of a step that takes events; <see cref="PatternRules.Check"/> refuses any other.</param>
    public static AfterMatchSkip ToFirst(string step) => new(SkipKind.ToFirst, step);

    /// <summary>Matching goes on at the last event of a step; nothing is dropped where the step took none. Flink's <c>skipToLast</c>.</summary>
    /// <param name="step">The name of a step that takes events; <see cref="PatternRules.Check"/> refuses any other.</param>
    public static AfterMatchSkip ToLast(string step) => new(SkipKind.ToLast, step);
}
