using Cep.Engine.Keys;
using Cep.Matching;

namespace Cep.Streaming;

/// <summary>Sends the events of a group's streams to the subtask that owns their key; counts those that have none.</summary>
internal sealed class RulePartitioner(RuleGroup group, IReadOnlyList<RuleCounts> countsByRule) : Partitioner<StreamEvent>
{
    public override bool TryRoute(StreamEvent value, int lane, out ulong hash)
    {
        if (group.Keys[value.Stream] is not { } key)
        {
            hash = 0;
            return false;
        }
        if (key.Hash(value.Value, out hash))
            return true;
        foreach (var rule in group.RulesOf(value.Stream))
        {
            if (Accepts(rule, value))
                countsByRule[rule.Index].WithoutKey++;
        }
        return false;
    }

    /// <summary>An event that no pattern is offered can do no harm: where the pre-filter throws, it is as one that does not hold.</summary>
    private bool Accepts(CompiledRule rule, StreamEvent value)
    {
        try
        {
            return rule.Accepts(value, group.TimeOf(value), counts: null);
        }
        catch (PatternEvaluationException)
        {
            return false;
        }
    }
}
