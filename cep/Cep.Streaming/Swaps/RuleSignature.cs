using System.Security.Cryptography;
using System.Text;
using Cep.Evaluation.Snapshots;
using Cep.Events;
using Cep.Patterns;
using Cep.Rules;

namespace Cep.Streaming.Swaps;

/// <summary>What tells a rule from others, part by part, so that two versions can be compared where only one of them is at hand.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Pattern">What it looks for, and by which automaton; equal where partial matches can go on untouched.</param>
/// <param name="Shape">Equal where partial matches can be carried.</param>
/// <param name="Reads">The streams, and the fields that make the key of each.</param>
/// <param name="Filters">The pre-filters.</param>
/// <param name="Partials">The limit of partial matches.</param>
/// <param name="Rest">What it tells: metadata and measures.</param>
internal sealed record RuleSignature(string Name, string Pattern, string Shape, string Reads, string Filters, string Partials, string Rest)
{
    /// <summary>The pattern itself where it has conditions in code: it is equal to itself only.</summary>
    private Pattern? Code { get; init; }

    public static RuleSignature Of(CompiledRule compiled)
    {
        var (rule, nfa) = (compiled.Rule, compiled.Pattern.Nfa);
        var hasFingerprint = PatternFingerprint.Exists(rule.Pattern);
        var pattern = hasFingerprint ? $"{PatternFingerprint.Of(rule.Pattern)} {Convert.ToHexStringLower(RunSetFormat.GraphHash(nfa))}" : "code";
        return new RuleSignature(
            rule.Name, pattern, Hash(AutomatonShape.TextOf(nfa)), Hash(OfInputs(rule, i => [.. i.KeyFields.Select(f => $"{f.Name} {f.Kind}")])),
            Hash(OfInputs(rule, i => i.Where is null ? [] : [PatternFingerprint.TextOf(i.Where)]) + OfUnless(rule)), $"{rule.Partials.PerKey} {rule.Partials.OnOverflow}", Hash(OfRest(rule)))
        {
            Code = hasFingerprint ? null : rule.Pattern,
        };
    }

    /// <summary>Whether it looks for the same, in the same events.</summary>
    public bool LooksForTheSame(RuleSignature other) =>
        Pattern == other.Pattern && ReferenceEquals(Code, other.Code) && Reads == other.Reads && Filters == other.Filters && Partials == other.Partials;

    /// <summary>Whether partial matches of the one can go on under the other.</summary>
    public bool IsCompatible(RuleSignature other) => Shape == other.Shape && Reads == other.Reads;

    public void Write(EventBinaryOutput output)
    {
        foreach (var part in (string[])[Name, Pattern, Shape, Reads, Filters, Partials, Rest])
            output.String(part);
    }

    public static RuleSignature Read(EventBinaryInput input) =>
        new(input.String(), input.String(), input.String(), input.String(), input.String(), input.String(), input.String());

    private static string OfInputs(Rule rule, Func<RuleInput, IEnumerable<string>> parts) =>
        Text(rule.Inputs.OrderBy(i => i.Stream.Name, StringComparer.Ordinal).Select(i => Text(parts(i).Prepend(i.Stream.Name))));

    /// <summary>What calls it off; nothing where nothing does, so that rules without have the signature that they always had.</summary>
    private static string OfUnless(Rule rule) =>
        string.Concat(rule.Unless.Select(u => Text(["unless", u.Stream.Name, u.Where is null ? "-" : PatternFingerprint.TextOf(u.Where)])).Order(StringComparer.Ordinal));

    private static string OfRest(Rule rule) => Text([
        OfMeasures(rule.Measures), Text(rule.Tags), rule.Severity.ToString(),
        FormattableString.Invariant($"{rule.Version}"), .. ((string?[])[rule.Title, rule.Owner, rule.Runbook]).Select(t => t is null ? "-" : Text([t])), .. OfAlerts(rule)]);

    private static string OfMeasures(IEnumerable<Measure> measures) => Text(measures.Select(m => Text([m.Name, PatternFingerprint.TextOf(m.Value)])));

    /// <summary>What not every rule has: a rule without it has the text that it had before there was any.</summary>
    private static IEnumerable<string> OfAlerts(Rule rule)
    {
        if (rule.SeverityCases.Count > 0)
            yield return "severity " + Text(rule.SeverityCases.Select(c => Text([c.Severity.ToString(), PatternFingerprint.TextOf(c.When)])));
        if (!rule.TellsMatches)
            yield return "no matches";
        if (rule.TimeoutMeasures is { } measures)
            yield return "timeouts " + OfMeasures(measures);
        if (rule.Suppression is { } suppression)
            yield return FormattableString.Invariant($"suppress {suppression.ForMs} {Text(suppression.By)}");
        if (rule.Limit is { } limit)
            yield return FormattableString.Invariant($"limit {limit.Count} {limit.PerMs}");
    }

    /// <summary>Texts as one, which no others make.</summary>
    private static string Text(IEnumerable<string> parts) => string.Concat(parts.Select(p => $"{p.Length}`{p}`"));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))[..8]);
}
