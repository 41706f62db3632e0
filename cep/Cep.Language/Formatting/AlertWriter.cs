using Cep.Conditions;
using Cep.Events;
using Cep.Rules;

namespace Cep.Language.Formatting;

/// <summary>Writes what the clauses of a rule say of its alerts, without the words that begin them; null where the clause says the default.</summary>
internal static class AlertWriter
{
    public static string? Severity(Rule rule) => rule is { Severity: Rules.Severity.Medium, SeverityCases: [] } ? null
        : string.Concat(rule.SeverityCases.Select(c => $"{Word(c.Severity)} if {c.When} else ")) + Word(rule.Severity);

    /// <summary>A rule that tells its timeouts says also that it tells its matches.</summary>
    public static string? Emit(Rule rule) => rule is { TellsMatches: true, Measures.Count: > 0 } or { TellsMatches: true, TimeoutMeasures: not null } ? Alert(rule.Measures) : null;

    public static string? EmitOnTimeout(Rule rule) => rule.TimeoutMeasures is { } measures ? Alert(measures) : null;

    public static string? Suppress(Suppression? suppression) => suppression is null ? null
        : $"by {string.Join(", ", suppression.By.Select(ExprText.Name))} for {DurationText.Format(suppression.ForMs)}";

    public static string? Limit(AlertLimit? limit) => limit is null ? null : FormattableString.Invariant($"{limit.Count} per {DurationText.Format(limit.PerMs)}");

    private static string Alert(IReadOnlyList<Measure> measures) =>
        measures.Count == 0 ? "alert {}" : $"alert {{ {string.Join(", ", measures.Select(m => $"{ExprText.Name(m.Name)} = {m.Value}"))} }}";

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();
}
