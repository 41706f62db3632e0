using Cep.Conditions;
using Cep.Engine.Keys;

namespace Cep.Streaming;

/// <summary>Sends the events of a group's streams to the subtask that owns their key; counts those that have none.</summary>
internal sealed class RulePartitioner(RuleGroup group, IReadOnlyList<RuleCounts> countsByRule) : Partitioner<StreamEvent>
{
    private static readonly Registers NoRegisters = RegisterLayout.For([]).Empty;

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
            if (rule.FilterOf(value.Stream) is not { } filter || Passes(filter, value))
                countsByRule[rule.Index].WithoutKey++;
        }
        return false;
    }

    private bool Passes(ConditionCode filter, StreamEvent value)
    {
        try
        {
            return filter(value.Value, group.TimeOf(value), NoRegisters) == Truth.True;
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException)
        {
            return false;
        }
    }
}
