using System.Globalization;
using System.Text;
using Cep.Engine.Checkpoints;
using Cep.Events;
using Cep.Streaming.Jobs;

namespace Cep.Streaming.Snapshots;

/// <summary>What a subtask remembers beside keys: the watermark, and of each rule what was counted and whether it has failed.</summary>
internal sealed class SmallState
{
    private static readonly StateSchema Time = new("time", "operator", "", "watermark:int64");
    private static readonly StateSchema Rules = new("rules", "operator", "name:string", "failed-since:int64,counts");

    private static readonly StateSchema Draining = new("draining", "operator", "number:string", "failed-since:int64,counts");

    private readonly EventBinaryOutput _time = new();
    private readonly List<(byte[] Name, byte[] Value)> _rules = [];
    private readonly List<(byte[] Number, byte[] Value)> _draining = [];

    private readonly StateSchema _set;

    private readonly bool _everDrained;

    /// <summary>What holds now.</summary>
    public SmallState(RunningRules rules, long watermarkMs, IEnumerable<RuleWork> work)
    {
        _set = RuleSetSchema.Of(rules.Patterns);
        _everDrained = rules.Kept.LastNumber > 0;
        _time.Long(watermarkMs);
        foreach (var w in work)
        {
            var value = new EventBinaryOutput();
            value.Long(w.Quarantine.HasBegunBy(watermarkMs) ? w.Quarantine.SinceMs : long.MaxValue);
            w.Counts.Write(value);
            if (w.Draining is { } draining)
                _draining.Add((Encoding.UTF8.GetBytes(draining.Number.ToString(CultureInfo.InvariantCulture)), value.Written.ToArray()));
            else
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
        // A later snapshot of none still says so, as long as there ever was one.
        if (_draining.Count == 0 && !_everDrained)
            return;
        var draining = writer.Declare(Draining, replaces: true);
        foreach (var (number, value) in _draining)
            writer.Put(draining, SegmentWriter.NonKeyed, number, value);
    }

    /// <summary>Takes an entry of these states.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="watermarkMs">Set where it is the watermark.</param>
    /// <param name="onRule">Told of a rule: its name, when it failed, and what one of the subtasks counted.</param>
    /// <param name="onDraining">Told the same of a version that is being drained, by its number.</param>
    /// <returns>False where it is of another state.</returns>
    public static bool TryRead(in SegmentEntry entry, ref long watermarkMs, Action<string, long, RuleCounts> onRule, Action<long, long, RuleCounts> onDraining)
    {
        if (entry.State.Name == Time.Name)
        {
            watermarkMs = new EventBinaryInput(entry.Value.ToArray()).Long();
            return true;
        }
        if (entry.State.Name != Rules.Name && entry.State.Name != Draining.Name)
            return false;
        var input = new EventBinaryInput(entry.Value.ToArray());
        if (entry.State.Name == Rules.Name)
            onRule(Encoding.UTF8.GetString(entry.Key), input.Long(), RuleCounts.Read(input));
        else
            onDraining(long.Parse(entry.Key, CultureInfo.InvariantCulture), input.Long(), RuleCounts.Read(input));
        return true;
    }
}
