using Cep.Conditions;
using Cep.Events;
using Cep.Language.Binding;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Language.Text;
using Cep.Patterns;
using Cep.Rules;

namespace Cep.Language.Json;

/// <summary>The streams and steps that the conditions of one JSON document can name.</summary>
internal sealed class ConditionScopes
{
    private readonly Dictionary<string, StreamSymbol> _streams = [];
    private readonly StepTable _steps;
    private bool _areStreamsKnown = true;

    public ConditionScopes(IReadOnlyList<EventType> streams, IReadOnlyList<ValueList> lists)
    {
        _steps = new StepTable(_streams, ListTable.Of(lists));
        foreach (var type in streams)
            _streams.TryAdd(type.Name, SymbolOf(type));
    }

    /// <summary>The stream that a text names; null after reporting that there is none.</summary>
    public StreamSymbol? Stream(JsonPart part)
    {
        if (part.Text("the name of a stream") is { } name)
        {
            if (_streams.TryGetValue(name, out var stream))
                return stream;
            part.Error(DiagnosticCode.UnknownStream, $"There is no stream `{name}`.", DiagnosticBag.DidYouMean(name, _streams.Keys));
        }
        _areStreamsKnown = false;
        return null;
    }

    /// <summary>The stream of a type that was given.</summary>
    public StreamSymbol Stream(EventType type) => _streams[type.Name];

    /// <summary>Makes a step known to the conditions of all steps; of two with one name, the first is meant.</summary>
    public StepSymbol Declare(EventStep step, StreamSymbol? stream, IReadOnlyList<GroupSymbol> groups)
    {
        var symbol = new StepSymbol(step.Name, stream, _steps.All.Count, step.IsNegated || groups.Any(g => g.IsNegated), step.Quantifier.IsLoop, groups);
        _steps.Add(symbol);
        return symbol;
    }

    /// <summary>The condition of a step; null after reporting what is wrong with it.</summary>
    public Expr? Where(JsonPart part, StepSymbol step, List<PatternJsonProblem> problems) =>
        Read(part, _steps.ScopeOf(step), $"the condition of the step `{step.Name}`", problems);

    /// <summary>The <c>until</c> of a step; null after reporting what is wrong with it.</summary>
    public Expr? Until(JsonPart part, StepSymbol step, List<PatternJsonProblem> problems) =>
        Read(part, _steps.ScopeOf(step), "the condition of `until`", problems);

    /// <summary>The <c>until</c> of a group; null after reporting what is wrong with it.</summary>
    public Expr? Until(JsonPart part, GroupSymbol group, List<PatternJsonProblem> problems)
    {
        if (_steps.ScopeOf(group) is { } scope)
            return Read(part, scope, "the condition of `until`", problems);
        part.Error(DiagnosticCode.UntilOfGroup,
            "The steps of this group take events of several streams, so `until` cannot tell which stream's fields it reads.");
        return null;
    }

    private Expr? Read(JsonPart part, Scope scope, string what, List<PatternJsonProblem> problems) =>
        part.Text("a condition in the rule language") is { } text ? ConditionReader.Read(text, part.Path, scope, what, _areStreamsKnown, problems) : null;

    private static StreamSymbol SymbolOf(EventType type) =>
        new(new StreamDefinition(type, null), new HashSet<string>(), new SourceText("", ""), new NameSyntax(type.Name, default));
}
