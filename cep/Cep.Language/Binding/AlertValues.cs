using Cep.Events;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;

namespace Cep.Language.Binding;

/// <summary>What alerts tell, as the expectations of a test name it.</summary>
internal static class AlertValues
{
    /// <summary>Reports a name that alerts have no value for.</summary>
    /// <param name="name">The name.</param>
    /// <param name="alerts">The type of the alerts, which has the rule's name.</param>
    /// <param name="diagnostics">Takes the error.</param>
    public static void RejectUnknown(NameSyntax name, EventType alerts, DiagnosticBag diagnostics) =>
        diagnostics.Error(DiagnosticCode.UnknownAlertValue, name.Span, $"The alerts of `{alerts.Name}` have no value `{name.Text}`.",
            DiagnosticBag.DidYouMean(name.Text, alerts.Fields.Select(f => f.Name))
            ?? $"they have {string.Join(", ", alerts.Fields.Select(f => $"`{f.Name}`"))}");
}
