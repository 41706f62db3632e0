using Cep.Nfa;
using Cep.Patterns;

namespace Cep.Evaluation;

/// <summary>Says whose condition a predicate of an automaton is.</summary>
internal static class ConditionName
{
    /// <summary>The condition for the beginning of a sentence, and the step it belongs to; the first where several share it, null for the <c>until</c> of a group.</summary>
    public static (string Text, string? Step) Of(Nfa.Nfa nfa, int predicate)
    {
        var asked = nfa.Predicates[predicate];
        var steps = nfa.Steps.Where(s => new Predicate(s.Stream, s.Where) == asked).Select(s => s.Name).ToArray();
        if (steps.Length > 0)
            return ($"The condition of {string.Join(" and of ", steps.Select(s => $"`{s}`"))}", steps[0]);
        var loop = nfa.Steps.FirstOrDefault(s => s.Quantifier.Until == asked.Where);
        return loop is null ? ("The `until` of a group", null) : ($"The `until` of `{loop.Name}`", loop.Name);
    }
}
