using Cep.Conditions;
using Cep.Events;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Rules;
using Cep.Rules.Testing;

namespace Cep.Language.Binding;

/// <summary>What alerts tell, as the expectations of a test name it.</summary>
internal static class AlertValues
{
    /// <summary>Reports a name that alerts have no value for, or values of two types.</summary>
    /// <param name="name">The name.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="alerts">The type of its alerts.</param>
    /// <param name="diagnostics">Takes the error.</param>
    public static void RejectUnknown(NameSyntax name, Rule rule, EventType alerts, DiagnosticBag diagnostics)
    {
        if (RuleAlerts.KindsOf(rule, name.Text) is [var ofMatches, var ofTimeouts])
        {
            diagnostics.Error(DiagnosticCode.TypeMismatch, name.Span,
                $"`{name.Text}` is a {ofMatches.Name()} of matches and a {ofTimeouts.Name()} of timeouts; a test can expect it only where it has one type.", "give one of the two another name");
            return;
        }
        diagnostics.Error(DiagnosticCode.UnknownAlertValue, name.Span, $"The alerts of `{rule.Name}` have no value `{name.Text}`.",
            DiagnosticBag.DidYouMean(name.Text, alerts.Fields.Select(f => f.Name))
            ?? $"they have {string.Join(", ", alerts.Fields.Select(f => $"`{f.Name}`"))}");
    }
}
