using Cep.Conditions;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Rules;

namespace Cep.Language.Binding;

/// <summary>Finds what the names of <c>suppress by</c> mean.</summary>
/// <param name="syntax">The rule's declaration.</param>
/// <param name="rule">The rule, with its inputs and measures.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
internal sealed class SuppressBinder(RuleSyntax syntax, Rule rule, DiagnosticBag diagnostics)
{
    /// <summary>The suppression; null where something is wrong with it, which is reported.</summary>
    public Suppression? Bind(SuppressSyntax suppress)
    {
        AlertBinder.CheckDuration(suppress.For, "A suppression for no time at all suppresses nothing; a span of at least 1 millisecond was expected.", diagnostics);
        var by = new List<string>();
        foreach (var name in suppress.By)
        {
            if (by.Contains(name.Text))
                diagnostics.Error(DiagnosticCode.DuplicateName, name.Span, $"`{name.Text}` stands twice in `suppress by`; once was expected.");
            CheckName(name);
            by.Add(name.Text);
        }
        return by.Count > 0 && suppress.For is { Ms: > 0 } time ? new Suppression(by, time.Ms) : null;
    }

    private void CheckName(NameSyntax name)
    {
        if (WasReported(name.Text)) return;
        var ofMatch = rule.TellsMatches ? KindOf(name.Text, rule.Measures) : null;
        var ofTimeout = rule.TimeoutMeasures is { } measures ? KindOf(name.Text, measures) : null;
        if ((ofMatch ?? ofTimeout) is null) RejectUnknown(name);
        else if (rule is not { TellsMatches: true, TimeoutMeasures: not null }) return;
        else if (ofMatch is null || ofTimeout is null)
            diagnostics.Error(DiagnosticCode.UnknownMeasure, name.Span,
                $"`{name.Text}` is a measure of {(ofMatch is null ? "timeouts" : "matches")} but not of {(ofMatch is null ? "matches" : "timeouts")}; both are suppressed together, so both must have it.",
                $"add it to `emit on {(ofMatch is null ? "match" : "timeout")} alert`");
        else if (ofMatch != ofTimeout)
            diagnostics.Error(DiagnosticCode.TypeMismatch, name.Span,
                $"`{name.Text}` is a {ofMatch.Value.Name()} of matches and a {ofTimeout.Value.Name()} of timeouts; both are suppressed together, so it must have one type.");
    }

    private ValueKind? KindOf(string name, IReadOnlyList<Measure> measures) =>
        measures.FirstOrDefault(m => m.Name == name)?.Value.Kind ?? Key.FirstOrDefault(f => f.Name == name)?.Kind;

    private IReadOnlyList<Events.EventField> Key => rule.Inputs.Count == 0 ? [] : rule.Inputs[0].KeyFields;

    /// <summary>Whether the name means something that could not be bound.</summary>
    private bool WasReported(string name)
    {
        var measures = new[] { syntax.Emit, syntax.EmitOnTimeout }.SelectMany(e => e?.Measures ?? []).Where(m => m.Name.Text == name).Count();
        var bound = rule.Measures.Concat(rule.TimeoutMeasures ?? []).Count(m => m.Name == name);
        var isInKey = syntax.From is not { Inputs: [var first, ..] } || rule.Inputs.Count == 0 || first.Key.Any(k => k.Text == name);
        return bound < measures || (isInKey && Key.All(f => f.Name != name));
    }

    private void RejectUnknown(NameSyntax name)
    {
        var names = rule.Measures.Concat(rule.TimeoutMeasures ?? []).Select(m => m.Name).Concat(Key.Select(f => f.Name)).Distinct().ToList();
        var what = Key.Count == 0 ? "" : $" of `{rule.Inputs[0].Stream.Name}`";
        diagnostics.Error(DiagnosticCode.UnknownMeasure, name.Span,
            $"`{name.Text}` is neither a measure of `emit` nor a field of the key{what}; {(names.Count == 0 ? "this rule has neither" : $"there are {string.Join(", ", names.Select(n => $"`{n}`"))}")}.",
            DiagnosticBag.DidYouMean(name.Text, names) ?? $"add it to `emit {(rule.TellsMatches ? "" : "on timeout ")}alert`: `{name.Text} = …`");
    }
}
