using Cep.Conditions;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Patterns;
using Cep.Rules;

namespace Cep.Language.Binding;

/// <summary>Gives a rule what its clauses say of its alerts: how bad they are, what they say, and how many of them are told.</summary>
/// <param name="syntax">The rule's declaration, with a <c>match</c> clause.</param>
/// <param name="scope">That of its measures.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
internal sealed class AlertBinder(RuleSyntax syntax, Scope scope, DiagnosticBag diagnostics)
{
    /// <summary>The rule with all that.</summary>
    /// <param name="rule">With its inputs and its pattern.</param>
    public Rule Bind(Rule rule)
    {
        if (syntax.EmitOnTimeout is { } onTimeout) CheckTimesOut(onTimeout, syntax.Match!);
        var told = rule with
        {
            Severity = EnumWord.Of(syntax.Severity, "severity", Severity.Medium, diagnostics),
            SeverityCases = BindSeverity(),
            Measures = BindMeasures(syntax.Emit),
            TellsMatches = syntax.Emit is not null || syntax.EmitOnTimeout is null,
            TimeoutMeasures = syntax.EmitOnTimeout is null ? null : BindMeasures(syntax.EmitOnTimeout),
            Limit = BindLimit(),
        };
        return syntax.Suppress is null ? told : told with { Suppression = new SuppressBinder(syntax, told, diagnostics).Bind(syntax.Suppress) };
    }

    private List<SeverityCase> BindSeverity()
    {
        var cases = new List<SeverityCase>();
        var binder = new ExpressionBinder(scope with { Clause = "severity" }, diagnostics);
        foreach (var (name, when) in syntax.SeverityCases)
        {
            var severity = EnumWord.Of(name, "severity", Severity.Medium, diagnostics);
            if (binder.BindCondition(when, $"the condition of the severity `{name.Text}`") is { } condition)
                cases.Add(new SeverityCase(severity, condition));
        }
        return cases;
    }

    private List<Measure> BindMeasures(EmitSyntax? emit)
    {
        var measures = new List<Measure>();
        var names = new HashSet<string>();
        foreach (var measure in emit?.Measures ?? [])
        {
            if (!names.Add(measure.Name.Text))
                diagnostics.Error(DiagnosticCode.DuplicateName, measure.Name.Span,
                    $"There are two measures called `{measure.Name.Text}` in `emit`; names of measures are unique.");
            if (new ExpressionBinder(scope, diagnostics).Bind(measure.Value) is { } value) measures.Add(new Measure(measure.Name.Text, value));
        }
        return measures;
    }

    private void CheckTimesOut(EmitSyntax emit, MatchSyntax match)
    {
        var steps = match.Sequence.Steps;
        // Without `within` at all, that is the error.
        if (match.Within is { Duration: null } && !steps.Any(HasWindow))
            diagnostics.Error(DiagnosticCode.NothingTimesOut, emit.Head,
                "No partial match of this rule runs out of time, for its pattern has no bound; so `emit on timeout` would never tell anything.",
                "write `within 10m` after the last step");
        else if (steps is [AtomSyntax { Not: null, Quantifier: not { IsLoop: true } }, ..] && steps.Skip(1).All(s => s is { Not: not null, Link: Contiguity.Relaxed }))
            diagnostics.Error(DiagnosticCode.NothingTimesOut, emit.Head,
                "No partial match of this rule runs out of time, for its first event is all that it takes; so `emit on timeout` would never tell anything.",
                steps.Count > 1 ? "what does not come until the deadline completes the match; write `emit alert`" : null);
    }

    private static bool HasWindow(StepSyntax step) =>
        step.Modifiers.Any(m => m is InSyntax) || (step is GroupSyntax group && group.AllSteps.Any(HasWindow));

    private AlertLimit? BindLimit()
    {
        if (syntax.Limit is not { } limit) return null;
        CheckDuration(limit.Per, "A limit for no time at all limits nothing; a span of at least 1 millisecond was expected.", diagnostics);
        if (limit is not { Count: { } count, Per: { Ms: > 0 } per }) return null;
        if (count is >= 1 and <= AlertLimit.MostAlerts) return new AlertLimit((int)count, per.Ms);
        diagnostics.Error(DiagnosticCode.InvalidCount, limit.CountSpan, count < 1
            ? $"With a limit of {count} no alert would be told; at least 1 was expected."
            : $"A limit can allow {AlertLimit.MostAlerts} alerts at most.");
        return null;
    }

    /// <summary>Reports a duration of 0.</summary>
    public static void CheckDuration(DurationSyntax? duration, string reason, DiagnosticBag diagnostics)
    {
        if (duration is { Ms: 0 } empty) diagnostics.Error(DiagnosticCode.EmptyDuration, empty.Span, reason);
    }
}
