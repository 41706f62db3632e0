using Cep.Patterns;
using Cep.Rules;

namespace Cep.Explain;

/// <summary>What may surprise whoever runs a rule.</summary>
internal static class RuleWarnings
{
    /// <summary>Whole sentences, the gravest first.</summary>
    public static IEnumerable<string> Of(Rule rule)
    {
        var pattern = rule.Pattern;
        var all = AllSteps(pattern.Steps).ToList();
        var hasWindow = (pattern.WithinMs ?? pattern.GapMs) is not null;
        var waits = pattern.Steps.Count > 1 || pattern.Steps[0].Quantifier.IsLoop || pattern.Steps[0] is GroupStep;
        var everyChoice = all.Where(s => s.Quantifier is { IsLoop: true, Inner: Contiguity.NonDeterministicRelaxed });
        var choiceNames = everyChoice.Select(s => s is EventStep e ? e.Name : "a group").ToArray();

        if (waits && !hasWindow)
            yield return "Nothing bounds the time: a partial match that is never completed is kept for as long as the rule runs, so its state grows.";
        if (choiceNames.Length > 0)
            yield return $"Every combination of the events of {Wording.List(choiceNames)} is a partial match of its own: their number can double with each event.";
        if (pattern.Steps[^1].Quantifier is { IsUnbounded: true, Until: null })
            yield return "The last step is a loop without an upper bound: it matches as soon as its least number is reached, not when the events end.";
        if (rule.Inputs[0].KeyFields.Count == 0)
            yield return "There is no key: all events are one partition, which runs on one core however many there are.";
        if (rule.Inputs.Count > 1 && all.Exists(s => s.Link == Contiguity.Strict || s.Quantifier is { IsLoop: true, Inner: Contiguity.Strict }))
            yield return $"\"The very next event\" is one of any of the {rule.Inputs.Count} streams of the rule, with the same key.";
    }

    private static IEnumerable<PatternStep> AllSteps(IEnumerable<PatternStep> steps) =>
        steps.SelectMany(s => s is GroupStep g ? AllSteps(g.AllSteps).Prepend(s) : [s]);
}
