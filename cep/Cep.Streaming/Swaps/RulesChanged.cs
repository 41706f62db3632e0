namespace Cep.Streaming.Swaps;

/// <summary>Other rules run from here on: told in the order of outputs, once for each swap that counts, whatever fails.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="WatermarkMs">Events at or before this time were matched by the rules before, later ones by the rules now. Unix milliseconds.</param>
/// <param name="Rules">What happened to each rule, as in <see cref="SwapPlan.Rules"/>; how many partial matches there were is not told.</param>
public sealed record RulesChanged(long WatermarkMs, IReadOnlyList<RuleChange> Rules)
{
    internal static RulesChanged Of(SwapPlan plan, long watermarkMs) => new(watermarkMs, [.. plan.Rules.Select(r => r with { PartialMatches = null, Was = null })]);
}
