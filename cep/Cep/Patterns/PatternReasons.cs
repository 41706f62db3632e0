namespace Cep.Patterns;

/// <summary>Why a pattern is refused: one sentence for each rule, the same whether the pattern comes as rule text, as JSON or from C#.</summary>
internal static class PatternReasons
{
    /// <summary>What a sentence calls a group.</summary>
    public const string Group = "this group";

    /// <summary>What a sentence calls a step.</summary>
    public static string Step(string name) => $"`{name}`";

    /// <summary>What a sentence calls an absence, and what must be absent.</summary>
    public static (string Not, string What) Absence(string name) => ($"`not {name}`", $"`{name}`");

    /// <inheritdoc cref="Absence(string)"/>
    public static (string Not, string What) AbsenceOfGroup(string? firstStep) => ($"`not ( {firstStep} … )`", "the group");

    // ---- names and sizes

    public static string NameTwice(string name) => $"The pattern has two steps called `{name}`; names of steps are unique in a pattern.";

    public static string TooManyStates { get; } = $"The counts, alternatives and absent groups of this pattern multiply to more than {PatternRules.RoundsMax} states; that is the limit.";

    public static string TooManyConditions(int count) =>
        $"This pattern has {count} steps and `until` conditions; a pattern may have at most {PatternRules.ConditionsMax}.";

    // ---- negation

    public static string NegatedFirst((string Not, string What) it) =>
        $"{it.Not} stands first, so there is no event after which {it.What} must not come; a pattern and a group begin with a step that takes an event.";

    public static string NegatedAfterOptional((string Not, string What) it) =>
        $"{it.Not} directly follows a step that may be left out, so it is not clear after which event {it.What} must not come.";

    public static string NegatedByAny((string Not, string What) it) =>
        $"{it.Not} is linked by `->>`, which is about choosing among events, and an absence takes none.";

    public static string NegatedCounted((string Not, string What) it) => $"{it.Not} has a quantifier, but an absence takes no event that could be counted.";

    public static string NegatedEndsGroup((string Not, string What) it) => $"{it.Not} ends a group, and nothing says until when {it.What} must not come.";

    public static string NegatedForEver((string Not, string What) it) =>
        $"The pattern ends with {it.Not} and has no bound, so it is never sure that {it.What} does not come.";

    // ---- loops

    public static string NeverTaken => "A step that is taken at most 0 times is never taken.";

    public static string NegativeCount(long count) => $"A step cannot be taken {count} times; a count is 0 or more.";

    public static string EmptyRange(long min, long max) => $"The least count, {min}, is above the most, {max}.";

    public static string UntilOfNoLoop(string what, long? max) =>
        $"`until` ends an unbounded loop, but {what} {(max > 1 ? $"is taken at most {max} times" : "is no loop")}.";

    public static string ContiguityOfNoLoop(string what, Contiguity inner) =>
        $"`{(inner == Contiguity.Strict ? "consecutive" : "any")}` says how the rounds of a loop follow each other, but {what} is no loop.";

    // ---- time

    public static string NoTime => "A match cannot take less than no time; a duration above 0 was expected.";

    public static string NoWindow(string what) => $"The window of {what} must be longer than nothing.";

    public static string WindowAboveWithin(string what) => $"The window of {what} is longer than `within`, which bounds the whole match.";

    public static string WindowOfGroup =>
        "`in` bounds the time between the rounds of a loop or before a single step, but this group is neither.";

    // ---- skipping

    public static string NoSkipTarget(string? name) => $"There is no step `{name}` in this pattern to skip to.";

    public static string SkipIntoGroup(string name) => $"The step `{name}` is inside a group; matching can go on only at a step outside of groups.";

    // ---- negated groups

    public static string NegatedGroupByNext((string Not, string What) it) =>
        $"{it.Not} is linked by `=>`, which is about the very next event alone, and a group may take several.";

    public static string NegatedGroupEmpty((string Not, string What) it) => $"The steps of {it.Not} may all be left out, so nothing would ever be without {it.What}.";

    public static string NegatedGroupAfter((string Not, string What) it) =>
        $"{it.Not} follows a part whose last event is not certain, so it is not clear after which event {it.What} must not come; it follows a step that must be taken.";

    public static string NegatedGroupBefore((string Not, string What) it) =>
        $"{it.Not} is followed by a step that may be left out, so it is not clear until when {it.What} must not come; a step that must be taken follows it, or nothing.";

    public static string NegatedGroupTooLarge((string Not, string What) it) =>
        $"{it.Not} spells out more than {PatternRules.NegatedRoundsMax} steps, those of loops multiplied; that is the limit.";

    public static string NegatedGroupWindow((string Not, string What) it) => $"A step of {it.Not} has a window; what must not come is bounded by the steps around it alone.";

    public static string NegatedGroupInside((string Not, string What) it) => $"{it.Not} holds another group that must not come; groups are negated once.";

    public static string ReadsNegated(string step) => $"The step `{step}` is negated, so it has no event that could be read.";
}
