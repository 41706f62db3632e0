using System.Globalization;
using Cep.Conditions;
using Cep.Patterns;
using Cep.Rules;

namespace Cep.Explain;

/// <summary>What a rule looks for, in a few plain sentences.</summary>
internal static class RuleSentence
{
    /// <summary>The sentences, one space apart.</summary>
    public static string Of(Rule rule)
    {
        IEnumerable<string> sentences = [LooksFor(rule), .. Filters(rule), .. CallsOff(rule), .. Lists(rule), AfterMatch(rule.Pattern.Skip), .. Overflow(rule.Partials), .. Tells(rule)];
        return string.Join(' ', sentences);
    }

    private static string LooksFor(Rule rule)
    {
        var pattern = rule.Pattern;
        var text = SequencePhrase.Of(WithWait(pattern), pattern.WithinMs);
        if (!IsOneEvent(pattern))
            text += Key(rule.Inputs) + Window(pattern);
        return Wording.Capital(text) + ".";
    }

    /// <summary>A final <c>not</c> without a wait of its own waits for the gap of the pattern.</summary>
    private static IReadOnlyList<PatternStep> WithWait(Pattern pattern) =>
        pattern is { GapMs: { } gapMs, Steps: [.., { IsNegated: true, Link: Contiguity.Relaxed, GapMs: null } not] }
            ? [.. pattern.Steps.SkipLast(1), not with { GapMs = gapMs }]
            : pattern.Steps;

    private static bool IsOneEvent(Pattern pattern) => pattern.Steps is [EventStep { Quantifier.IsLoop: false }];

    private static string Key(IReadOnlyList<RuleInput> inputs)
    {
        if (inputs[0].KeyFields.Count == 0)
            return "";
        var fields = inputs.Select(i => Wording.List(i.KeyFields.Select(f => f.Name).ToArray())).ToArray();
        if (fields.Distinct(StringComparer.Ordinal).Count() == 1)
            return $", all of one {fields[0]}";
        return $", all with one key ({string.Join(", ", inputs.Select((i, n) => $"{fields[n]} of `{i.Stream.Name}`"))})";
    }

    private static string Window(Pattern pattern)
    {
        var gap = pattern.GapMs is { } ms ? $", each event less than {Wording.Duration(ms)} after the one before" : "";
        if (pattern.WithinMs is not { } withinMs)
            return pattern.GapMs is null ? ", however long it takes" : gap;
        return pattern.Steps[^1] switch
        {
            { IsNegated: true, Link: Contiguity.Relaxed, GapMs: null } => gap,
            { IsNegated: true } => $"{gap}, the events inside {Wording.Duration(withinMs)}",
            _ => $"{gap}, inside {Wording.Duration(withinMs)}",
        };
    }

    private static IEnumerable<string> Filters(Rule rule) => rule.Inputs.Where(i => i.Where is not null)
        .Select(i => $"Of `{i.Stream.Name}` only events where {i.Where} are looked at; the others are as if they had not come.");

    private static IEnumerable<string> CallsOff(Rule rule) => rule.Unless.Select(u =>
        $"An event of `{u.Stream.Name}`{(u.Where is null ? "" : $" where {u.Where}")} drops the partial matches{(rule.Inputs[0].KeyFields.Count == 0 ? "" : " of its key")}.");

    private static IEnumerable<string> Lists(Rule rule) => RuleLists.Of(rule)
        .Select(l => string.Create(CultureInfo.InvariantCulture, $"The list `{l.Name}` holds {l.Values.Count:N0} {Noun(l.Type, l.Values.Count)}."));

    private static string Noun(ListType type, int count) => (type, count) switch
    {
        (ListType.String, 1) => "text",
        (ListType.String, _) => "texts",
        (ListType.Cidr, 1) => "block of addresses",
        (ListType.Cidr, _) => "blocks of addresses",
        (ListType.Bool, 1) => "value",
        (ListType.Bool, _) => "values",
        (_, 1) => "number",
        _ => "numbers",
    };

    private static string AfterMatch(AfterMatchSkip skip) => skip.Kind switch
    {
        SkipKind.None => "Matches may overlap, and each is told.",
        SkipKind.ToNext => "After a match, matching goes on behind its first event.",
        SkipKind.PastLast => "After a match, matching goes on past its last event.",
        SkipKind.ToFirst => $"After a match, matching goes on at the first event of {skip.Step}.",
        SkipKind.ToLast => $"After a match, matching goes on at the last event of {skip.Step}.",
        _ => throw new InvalidOperationException($"Unknown kind of skip: {skip.Kind}."),
    };

    private static IEnumerable<string> Overflow(PartialMatchLimit limit)
    {
        if (limit != PartialMatchLimit.Default)
            yield return string.Create(CultureInfo.InvariantCulture, $"Of one key at most {limit.PerKey:N0} partial {(limit.PerKey == 1 ? "match is" : "matches are")} kept: {WhatOf(limit.OnOverflow)}.");
    }

    private static string WhatOf(OverflowPolicy onOverflow) => onOverflow switch
    {
        OverflowPolicy.DropOldest => "those that began first are dropped",
        OverflowPolicy.DropNewest => "those that began last are dropped",
        OverflowPolicy.Fail => "one more stops the rule",
        _ => throw new InvalidOperationException($"Unknown policy: {onOverflow}."),
    };

    private static IEnumerable<string> Tells(Rule rule)
    {
        foreach (var sentence in AlertSentences.Of(rule))
            yield return sentence;
        if (rule.Status == RuleStatus.Draft)
            yield return "The rule is a draft: it is compiled and does not run.";
    }
}
