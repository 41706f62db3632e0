using Cep.Conditions;
using Cep.Events;
using Cep.Language.Binding;
using Cep.Language.Diagnostics;
using Cep.Patterns;

namespace Cep.Language.Json;

/// <summary>Reads one pattern of the form that <see cref="PatternJson"/> describes: first all steps, then the conditions, which may name any of them.</summary>
/// <param name="streams">The event types that steps can name.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class PatternJsonReader(IReadOnlyList<EventType> streams, List<PatternJsonProblem> problems)
{
    private ConditionScopes _scopes = new(streams, []);
    private readonly Dictionary<string, string> _pathOfStep = [];

    /// <summary>A step whose conditions are not read yet.</summary>
    private sealed record Draft(JsonPart Part, PatternStep Step, StepSymbol? Symbol, GroupSymbol? Group, IReadOnlyList<IReadOnlyList<Draft>> Inside);

    /// <summary>The pattern, of use only if nothing was reported; null where there is none at all.</summary>
    public Pattern? Read(JsonPart root)
    {
        if (!root.IsObject("a pattern", PatternWords.Pattern))
            return null;
        if (root.Require("version", $"this form is version {PatternWords.Version}")?.Whole(0, int.MaxValue) is { } version and not PatternWords.Version)
            root.Find("version")!.Error(DiagnosticCode.UnexpectedValue, $"This is version {version} of the form; only version {PatternWords.Version} can be read.");
        _scopes = new ConditionScopes(streams, root.Find("lists") is { } lists ? ListsJson.Read(lists) : []);
        var drafts = root.Require("steps", "a pattern is a sequence of steps") is { } steps ? ReadSteps(steps, []) : null;
        var pattern = new Pattern
        {
            Steps = drafts is null ? [] : Bind(drafts),
            WithinMs = Ms(root, "withinMs"),
            GapMs = Ms(root, "gapMs"),
            Skip = root.Find("skip") is { } skip ? ReadSkip(skip) : AfterMatchSkip.None,
        };
        // What cannot be read leaves holes that the rules of patterns would only complain about again.
        if (problems.Count > 0)
            return null;
        foreach (var problem in PatternRules.Check(pattern))
            problems.Add(new(DiagnosticCode.InvalidPattern, PathOf(problem.Step), problem.Reason));
        return pattern;
    }

    private string PathOf(string? step) => step is null ? "$" : _pathOfStep.GetValueOrDefault(step, "$.skip.step");

    private static long? Ms(JsonPart part, string name) => part.Find(name)?.Whole(-PatternWords.MsMax, PatternWords.MsMax);

    private List<Draft> ReadSteps(JsonPart part, IReadOnlyList<GroupSymbol> groups) =>
        part.Items("the steps")?.Select(p => ReadStep(p, groups)).OfType<Draft>().ToList() ?? [];

    private Draft? ReadStep(JsonPart part, IReadOnlyList<GroupSymbol> groups)
    {
        if (!part.IsObject("a step", PatternWords.Step))
            return null;
        var link = part.Find("link")?.Word(PatternWords.Contiguities) ?? Contiguity.Relaxed;
        var quantifier = part.Find("quantifier") is { } q ? ReadQuantifier(q) : Quantifier.One;
        return part.Has("group") || part.Has("either") ? ReadGroup(part, link, quantifier, groups) : ReadEvent(part, link, quantifier, groups);
    }

    private Draft? ReadGroup(JsonPart part, Contiguity link, Quantifier quantifier, IReadOnlyList<GroupSymbol> groups)
    {
        foreach (var name in PatternWords.EventStep.Except(PatternWords.GroupStep).Where(part.Has))
            part.Error(DiagnosticCode.UnknownProperty, $"A step with `group` has no `{name}`; only steps that take events have one.");
        if (part.Has("group") && part.Has("either"))
            part.Error(DiagnosticCode.UnknownProperty, "A step has `group` or `either`, not both.");
        var step = new GroupStep { Link = link, Quantifier = quantifier, Steps = [], IsNegated = part.Find("not")?.Truth() ?? false, GapMs = Ms(part, "gapMs") };
        var symbol = new GroupSymbol(quantifier.IsLoop, isNegated: step.IsNegated);
        return ReadAlternatives(part)?.Select(a => ReadSteps(a, [.. groups, symbol])).ToArray() is { Length: > 0 } inside
            ? new Draft(part, step, null, symbol, inside)
            : null;
    }

    private static IReadOnlyList<JsonPart>? ReadAlternatives(JsonPart part)
    {
        if (!part.Has("either"))
            return part.Require("group", "the steps of the group") is { } steps ? [steps] : null;
        var alternatives = part.Require("either", "the steps of each alternative")?.Items("the alternatives");
        if (alternatives is { Count: 0 })
            part.Find("either")!.Error(DiagnosticCode.UnexpectedValue, "`either` has no alternatives; at least one was expected.");
        return alternatives;
    }

    private Draft? ReadEvent(JsonPart part, Contiguity link, Quantifier quantifier, IReadOnlyList<GroupSymbol> groups)
    {
        if (part.Require("name", "a step has a name, or `group` and its steps")?.Text("the name of the step") is not { } name)
            return null;
        var stream = part.Find("stream") is { } named ? _scopes.Stream(named) : null;
        var step = new EventStep
        {
            Name = name,
            Link = link,
            Quantifier = quantifier,
            Stream = stream?.EventType,
            IsNegated = part.Find("not")?.Truth() ?? false,
            GapMs = Ms(part, "gapMs"),
        };
        _pathOfStep[name] = part.Path;
        return new Draft(part, step, _scopes.Declare(step, stream, groups), null, []);
    }

    private static Quantifier ReadQuantifier(JsonPart part)
    {
        if (!part.IsObject("a quantifier", PatternWords.Quantifier))
            return Quantifier.One;
        return new Quantifier
        {
            Min = (int?)part.Find("min")?.Whole(int.MinValue, int.MaxValue) ?? 1,
            Max = part.Has("max") ? (int?)part.Find("max")?.Whole(int.MinValue, int.MaxValue) : 1,
            IsOptional = part.Find("optional")?.Truth() ?? false,
            IsGreedy = part.Find("greedy")?.Truth() ?? false,
            Inner = part.Find("inner")?.Word(PatternWords.Contiguities) ?? Contiguity.Relaxed,
            GapMs = Ms(part, "gapMs"),
        };
    }

    private static AfterMatchSkip ReadSkip(JsonPart part)
    {
        if (!part.IsObject("what a match drops", PatternWords.Skip)
            || part.Require("kind", "it says where matching goes on")?.Word(PatternWords.SkipKinds) is not { } kind)
            return AfterMatchSkip.None;
        var step = part.Find("step")?.Text("the name of a step");
        if (kind is SkipKind.ToFirst or SkipKind.ToLast)
            part.Require("step", $"`{PatternWords.Of(kind)}` goes on at a step");
        else if (step is not null)
            part.Find("step")!.Error(DiagnosticCode.UnexpectedValue, $"`{PatternWords.Of(kind)}` names no step.");
        return new AfterMatchSkip(kind, step, part.Find("failsOnMiss")?.Truth() ?? false);
    }

    private List<PatternStep> Bind(IReadOnlyList<Draft> drafts) => drafts.Select(Bind).ToList();

    private PatternStep Bind(Draft draft)
    {
        var quantifier = draft.Step.Quantifier;
        if (draft.Part.Find("quantifier")?.Find("until") is { } until)
            quantifier = quantifier with
            {
                Until = draft.Group is { } group ? _scopes.Until(until, group, problems) : _scopes.Until(until, draft.Symbol!, problems),
            };
        return draft.Step switch
        {
            GroupStep g => g with { Quantifier = quantifier, Steps = Bind(draft.Inside[0]), OrElse = draft.Inside.Skip(1).Select(Bind).ToArray() },
            EventStep e => e with { Quantifier = quantifier, Where = Where(draft) },
            _ => throw new InvalidOperationException($"Unknown kind of step: {draft.Step.GetType().Name}."),
        };
    }

    private Expr? Where(Draft draft) => draft.Part.Find("where") is { } where ? _scopes.Where(where, draft.Symbol!, problems) : null;
}
