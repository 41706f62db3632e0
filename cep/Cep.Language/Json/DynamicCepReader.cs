using Cep.Conditions;
using Cep.Events;
using Cep.Language.Binding;
using Cep.Language.Diagnostics;
using Cep.Patterns;
using static Cep.Language.Json.DynamicCepWords;

namespace Cep.Language.Json;

/// <summary>Reads one rule of the dynamic CEP form as <see cref="DynamicCepJson"/> describes.</summary>
/// <param name="stream">The type of the events.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class DynamicCepReader(EventType stream, List<PatternJsonProblem> problems)
{
    private readonly ConditionScopes _scopes = new([stream], []);
    private readonly Dictionary<string, string> _pathOfStep = [];

    /// <summary>The pattern, of use only if nothing was reported; null where there is none at all.</summary>
    public Pattern? Read(JsonPart root)
    {
        if (!root.IsObject("a graph of nodes", Graph))
            return null;
        CheckComposite(root);
        var steps = ReadGroup(root, []);
        // A graph that is taken once needs no group around it.
        IReadOnlyList<PatternStep> sequence = steps.Quantifier == Quantifier.One ? steps.Steps : [steps];
        var pattern = WithWindow(root, new Pattern { Steps = sequence, Skip = ReadSkip(root) });
        if (problems.Count > 0)
            return null;
        foreach (var problem in PatternRules.Check(pattern))
            problems.Add(new(DiagnosticCode.InvalidPattern, problem.Step is { } step ? _pathOfStep.GetValueOrDefault(step, "$.afterMatchStrategy") : "$", problem.Reason));
        return pattern;
    }

    private static void CheckComposite(JsonPart graph)
    {
        if (graph.Find("type") is { } type && type.Word(IsComposite) is false)
            type.Error(DiagnosticCode.UnexpectedValue, "A graph of nodes is COMPOSITE, not ATOMIC.");
        graph.Find("condition")?.Error(DiagnosticCode.NotCarried, "A condition of a whole graph cannot be carried; conditions belong to its nodes.");
    }

    private List<PatternStep> ReadGraph(JsonPart graph, IReadOnlyList<GroupSymbol> groups)
    {
        var nodes = graph.Require("nodes", "a graph has at least one")?.Items("the nodes of the graph");
        return nodes is null ? [] : DynamicCepChain.Order(graph, nodes).Select(n => ReadNode(n, groups)).OfType<PatternStep>().ToList();
    }

    private PatternStep? ReadNode(DynamicCepNode node, IReadOnlyList<GroupSymbol> groups)
    {
        if (!node.IsComposite)
            return ReadEvent(node, groups);
        if (node.IsNegated)
            node.Part.Error(DiagnosticCode.NotCarried, $"The edge to `{node.Name}` negates a whole graph, which cannot be carried; only single nodes can be absent.");
        CheckComposite(node.Part);
        foreach (var own in new[] { "window", "afterMatchStrategy" })
            node.Part.Find(own)?.Error(DiagnosticCode.NotCarried, $"The `{own}` of a graph inside a graph cannot be carried; only the outermost one has it.");
        return ReadGroup(node.Part, groups) with { Link = node.Link };
    }

    private GroupStep ReadGroup(JsonPart graph, IReadOnlyList<GroupSymbol> groups)
    {
        // Whether the group repeats must be known before its conditions are read, and its own condition after.
        var bare = graph.Find("quantifier") is { } q ? DynamicCepQuantifier.Read(q) : Quantifier.One;
        var symbol = new GroupSymbol(bare.IsLoop);
        var steps = ReadGraph(graph, [.. groups, symbol]);
        return new GroupStep { Steps = steps, Quantifier = bare with { Until = Until(graph, null, symbol) } };
    }

    private EventStep ReadEvent(DynamicCepNode node, IReadOnlyList<GroupSymbol> groups)
    {
        var step = new EventStep
        {
            Name = node.Name,
            Link = node.Link,
            Stream = stream,
            IsNegated = node.IsNegated,
            Quantifier = node.Part.Find("quantifier") is { } q ? DynamicCepQuantifier.Read(q) : Quantifier.One,
        };
        _pathOfStep[node.Name] = node.Part.Path;
        var symbol = _scopes.Declare(step, _scopes.Stream(stream), groups);
        return step with
        {
            Where = node.Part.Find("condition") is { } c && Expression(c) is { } e ? _scopes.Where(e, symbol, problems) : null,
            Quantifier = step.Quantifier with { Until = Until(node.Part, symbol, null) },
        };
    }

    private Expr? Until(JsonPart node, StepSymbol? step, GroupSymbol? group)
    {
        if (node.Find("quantifier")?.Find("untilCondition") is not { } until || Expression(until) is not { } expression)
            return null;
        return step is not null ? _scopes.Until(expression, step, problems) : _scopes.Until(expression, group!, problems);
    }

    /// <summary>The text of a condition; null after reporting why it cannot be carried.</summary>
    private static JsonPart? Expression(JsonPart condition)
    {
        if (!condition.IsObject("a condition", "type", "expression", "className", "args", "nestedConditions", "filterExpression"))
            return null;
        switch (condition.Require("type", "it says how the condition is written")?.Text("the type of the condition"))
        {
            case null:
                return null;
            case "AVIATOR":
                return condition.Require("expression", "an AVIATOR condition is an expression");
            case "CLASS" or "CUSTOM_ARGS":
                var name = condition.Find("className")?.Text("the name of a class");
                condition.Error(DiagnosticCode.NotCarried, $"The condition is the code of {(name is null ? "a class" : $"the class `{name}`")} and cannot be carried.",
                    "write it as an AVIATOR expression");
                return null;
            case "GROOVY":
                condition.Error(DiagnosticCode.NotCarried, "The condition is a GROOVY script and cannot be carried.", "write it as an AVIATOR expression");
                return null;
            case var type:
                condition.Error(DiagnosticCode.NotCarried, $"A condition of the type `{type}` cannot be carried.", "write it as an AVIATOR expression");
                return null;
        }
    }

    private static AfterMatchSkip ReadSkip(JsonPart root)
    {
        if (root.Find("afterMatchStrategy") is not { } part || !part.IsObject("what a match drops", "type", "patternName")
            || part.Require("type", "it says where matching goes on")?.Word(Skips) is not { } kind)
            return AfterMatchSkip.None;
        if (kind is not (SkipKind.ToFirst or SkipKind.ToLast))
            return new AfterMatchSkip(kind);
        return new AfterMatchSkip(kind, part.Require("patternName", "matching goes on at a node")?.Text("the name of a node"));
    }

    private static Pattern WithWindow(JsonPart root, Pattern pattern)
    {
        if (root.Find("window") is not { } window || !window.IsObject("a window", "type", "time"))
            return pattern;
        var isGap = window.Require("type", "it says between which events the time is")?.Word(IsGapWindow);
        var ms = window.Require("time", "it says how long")is { } time ? DynamicCepQuantifier.ReadTime(time) : null;
        if (isGap is not true)
            return pattern with { WithinMs = ms };
        if (pattern.Steps.LastOrDefault() is EventStep last)
            return pattern with { Steps = [.. pattern.Steps.SkipLast(1), last with { GapMs = ms }] };
        window.Error(DiagnosticCode.NotCarried, "A window of PREVIOUS_AND_CURRENT before a graph cannot be carried; the last node must be a single one.");
        return pattern;
    }
}
