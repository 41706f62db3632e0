using Cep.Conditions;
using Cep.Events;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Patterns;
using Cep.Rules;

namespace Cep.Language.Binding;

/// <summary>Makes a rule of its declaration.</summary>
/// <param name="syntax">The declaration.</param>
/// <param name="streams">All streams of the set, by name.</param>
/// <param name="lists">All lists of the set.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
internal sealed class RuleBinder(RuleSyntax syntax, IReadOnlyDictionary<string, StreamSymbol> streams, ListTable lists, DiagnosticBag diagnostics)
{
    /// <summary>Binds the rule; null if it lacks a part it cannot be made without. It is of use only if nothing was reported.</summary>
    public Rule? Bind()
    {
        if (syntax.Name.IsMissing) return null;
        var status = syntax.Status is { Text: "shadow" } ? RuleStatus.Live : EnumWord.Of(syntax.Status, "status", RuleStatus.Live, diagnostics);
        var inputs = BindInputs(out var known);
        if (syntax.Match is not { } match)
        {
            diagnostics.Error(DiagnosticCode.MissingClause, syntax.Name.Span,
                $"The rule `{syntax.Name.Text}` has no `match` clause, which says what it looks for.");
            return null;
        }
        var binder = new PatternBinder(match, known, streams, lists, diagnostics);
        binder.Declare();
        var pattern = binder.Bind();
        var rule = new Rule
        {
            Name = syntax.Name.Text,
            Title = syntax.Title?.Value,
            Tags = syntax.Tags.Select(t => t.Text).ToList(),
            Owner = syntax.Owner?.Value,
            Runbook = syntax.Runbook?.Value,
            Status = status,
            Inputs = inputs,
            Pattern = pattern,
            Unless = new UnlessBinder(known, streams, lists, diagnostics).Bind(syntax.Unless),
            Partials = PartialsBinder.Bind(syntax.Partials, diagnostics),
        };
        return new AlertBinder(syntax, ScopeOfMeasures(binder.Steps, pattern, known), diagnostics).Bind(rule);
    }

    /// <summary>Binds <c>from</c>.</summary>
    /// <param name="known">The streams it names, by name; null if one of them is not known.</param>
    private List<RuleInput> BindInputs(out Dictionary<string, StreamSymbol>? known)
    {
        known = null;
        if (syntax.From is not { } from)
        {
            diagnostics.Error(DiagnosticCode.MissingClause, syntax.Name.Span,
                $"The rule `{syntax.Name.Text}` has no `from` clause, which names the streams it reads.",
                $"write `from {streams.Keys.FirstOrDefault() ?? "STREAM"} key FIELD`");
            return [];
        }
        var inputs = new List<RuleInput>();
        var named = new Dictionary<string, StreamSymbol>();
        var isComplete = true;
        foreach (var input in from.Inputs)
        {
            if (!streams.TryGetValue(input.Stream.Text, out var stream))
            {
                diagnostics.Error(DiagnosticCode.UnknownStream, input.Stream.Span, $"There is no stream `{input.Stream.Text}`.",
                    streams.Count > 0 ? DiagnosticBag.DidYouMean(input.Stream.Text, streams.Keys)
                        : "no stream is declared here; where another file declares it, give the folder that holds both");
                isComplete = false;
            }
            else if (!named.TryAdd(input.Stream.Text, stream))
                diagnostics.Error(DiagnosticCode.DuplicateName, input.Stream.Span,
                    $"The stream `{input.Stream.Text}` is named twice in `from`; once was expected.", "put all conditions into one `where`");
            else inputs.Add(BindInput(input, stream));
        }
        known = isComplete && from.Inputs.Count > 0 ? named : null;
        if (isComplete) CheckKeys(from, inputs);
        return inputs;
    }

    private RuleInput BindInput(InputSyntax input, StreamSymbol stream)
    {
        var key = new List<EventField>();
        foreach (var name in input.Key)
        {
            if (stream.EventType.TryGetField(name.Text, out var field))
            {
                if (key.Contains(field))
                    diagnostics.Error(DiagnosticCode.DuplicateName, name.Span,
                        $"The field `{name.Text}` is in the key of `{input.Stream.Text}` twice; once was expected.");
                key.Add(field);
            }
            else if (!stream.Untyped.Contains(name.Text))
                diagnostics.Error(DiagnosticCode.UnknownField, name.Span, $"There is no field `{name.Text}` on stream `{input.Stream.Text}`.",
                    DiagnosticBag.DidYouMean(name.Text, stream.FieldNames));
        }
        var scope = new Scope { Place = Place.Filter, Candidate = stream, Streams = streams, Lists = lists };
        var where = input.Where is { } filter
            ? new ExpressionBinder(scope, diagnostics).BindCondition(filter, $"the filter of `{input.Stream.Text}`") : null;
        return new RuleInput(stream.Definition, key, where);
    }

    private void CheckKeys(FromSyntax from, List<RuleInput> inputs)
    {
        if (inputs.Count == 0) return;
        var first = inputs[0];
        foreach (var (input, written) in inputs.Skip(1).Select(i => (i, from.Inputs.First(w => w.Stream.Text == i.Stream.Name))))
        {
            // A key with a field that is not known has been reported.
            if (input.KeyFields.Count != written.Key.Count || first.KeyFields.Count != from.Inputs[0].Key.Count) continue;
            var span = written.Key.Count > 0 ? written.Key[0].Span.To(written.Key[^1].Span) : written.Stream.Span;
            if (input.KeyFields.Count != first.KeyFields.Count)
                diagnostics.Error(DiagnosticCode.KeysDiffer, span,
                    $"The key of `{first.Stream.Name}` has {Fields(first)} and the key of `{input.Stream.Name}` has {Fields(input)}; "
                    + "the keys of all inputs must agree.",
                    input.KeyFields.Count == 0 ? $"write `{input.Stream.Name} key FIELD`" : null);
            for (var i = 0; i < Math.Min(input.KeyFields.Count, first.KeyFields.Count); i++)
            {
                if (input.KeyFields[i].Kind == first.KeyFields[i].Kind) continue;
                diagnostics.Error(DiagnosticCode.KeysDiffer, written.Key[i].Span,
                    $"{Described(first, i)} and {Described(input, i)}; the keys of all inputs must have the same types.");
            }
        }
    }

    private static string Described(RuleInput input, int index) =>
        $"`{input.KeyFields[index].Name}` of `{input.Stream.Name}` is {ExpressionBinder.Described(input.KeyFields[index].Type)}";

    private static string Fields(RuleInput input) => input.KeyFields.Count switch
    {
        0 => "no field",
        1 => "1 field",
        var n => $"{n} fields",
    };

    private Scope ScopeOfMeasures(IReadOnlyDictionary<string, StepSymbol> steps, Pattern pattern, Dictionary<string, StreamSymbol>? known) => new()
    {
        Place = Place.Measure,
        Steps = steps,
        Streams = streams,
        Lists = lists,
        // Without `within` at all, that is the error.
        HasDeadline = pattern.WithinMs is not null || syntax.Match!.Within is null,
        HasKey = known is null || syntax.From!.Inputs.Any(i => i.Key.Count > 0),
    };
}
