using System.Text;
using Cep.Engine.Checkpoints;
using Cep.Events;

namespace Cep.Streaming.Snapshots;

/// <summary>What a subtask remembers beside keys: the watermark, and of each rule what was counted and whether it has failed.</summary>
internal sealed class SmallState
{
    private static readonly StateSchema Time = new("time", "operator", "", "watermark:int64");
    private static readonly StateSchema Rules = new("rules", "operator", "name:string", "failed-since:int64,counts");

    private readonly EventBinaryOutput _time = new();
    private readonly List<(byte[] Name, byte[] Value)> _rules = [];

    private readonly StateSchema _set;

    /// <summary>What holds now.</summary>
    public SmallState(PatternSet patterns, long watermarkMs, IEnumerable<RuleWork> work)
    {
        _set = RuleSetSchema.Of(patterns);
        _time.Long(watermarkMs);
        foreach (var w in work)
        {
            var value = new EventBinaryOutput();
            value.Long(w.Quarantine.HasBegunBy(watermarkMs) ? w.Quarantine.SinceMs : long.MaxValue);
            w.Counts.Write(value);
            _rules.Add((Encoding.UTF8.GetBytes(w.Rule.Rule.Name), value.Written.ToArray()));
        }
    }

    public void Write(SegmentWriter writer)
    {
        writer.Declare(_set, replaces: true);
        writer.Put(writer.Declare(Time, replaces: true), SegmentWriter.NonKeyed, [], _time.Written);
        var rules = writer.Declare(Rules, replaces: true);
        foreach (var (name, value) in _rules)
            writer.Put(rules, SegmentWriter.NonKeyed, name, value);
    }

    /// <summary>Takes an entry of these states.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="watermarkMs">Set where it is the watermark.</param>
    /// <param name="onRule">Told of a rule: its name, when it failed, and what one of the subtasks counted.</param>
    /// <returns>False where it is of another state.</returns>
    public static bool TryRead(in SegmentEntry entry, ref long watermarkMs, Action<string, long, RuleCounts> onRule)
    {
        if (entry.State.Name == Time.Name)
        {
            watermarkMs = new EventBinaryInput(entry.Value.ToArray()).Long();
            return true;
        }
        if (entry.State.Name != Rules.Name)
            return false;
        var input = new EventBinaryInput(entry.Value.ToArray());
        onRule(Encoding.UTF8.GetString(entry.Key), input.Long(), RuleCounts.Read(input));
        return true;
    }
}
