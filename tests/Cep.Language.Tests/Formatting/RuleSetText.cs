using Cep.Rules;

namespace Cep.Language.Tests.Formatting;

/// <summary>Prints every part of a rule set, so that two sets are equal exactly when their texts are.</summary>
internal static class RuleSetText
{
    public static string Of(RuleSet set) => string.Join("\n", set.Streams.Select(s => $"{s.Name} {string.Join(", ", s.EventType.Fields)} {s.Time}")
        .Concat(set.Lists.Select(l => $"{l.Name} {l.Type} {string.Join('|', l.Values.Select(v => v is decimal m ? m.ToString("G29") : v))}"))
        .Concat(set.Rules.Select(r => $"{r.Name} {r.Title} {r.Severity} {string.Join(", ", r.Tags)} {r.Owner} {r.Runbook} {r.Status} {r.Partials} "
            + string.Concat(r.SeverityCases.Select(c => $"{c.Severity} {ModelText.Of(c.When)} ")) + $"{r.TellsMatches} {Measures(r.TimeoutMeasures)} {string.Join(", ", r.Suppression?.By ?? [])} {r.Suppression?.ForMs} {r.Limit} "
            + string.Join(", ", r.Inputs.Select(i => $"{i.Stream.Name} {string.Join(", ", i.KeyFields)} {ModelText.Of(i.Where)}"))
            + string.Join(", ", r.Unless.Select(u => $"unless {u.Stream.Name} {ModelText.Of(u.Where)}"))
            + Measures(r.Measures) + ModelText.Of(r.Pattern))));

    private static string Measures(IEnumerable<Measure>? measures) => measures is null ? "none" : string.Join(", ", measures.Select(m => $"{m.Name} {ModelText.Of(m.Value)}"));
}
