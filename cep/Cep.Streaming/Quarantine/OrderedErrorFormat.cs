using System.Globalization;
using Cep.Events;
using Cep.Rules;
using Cep.Streaming.Jobs;
using Cep.Streaming.Snapshots;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Quarantine;

/// <summary>How the failure of a rule lies in a checkpoint.</summary>
internal static class OrderedErrorFormat
{
    /// <summary>Stands before the number of a version that is being drained, where else the name of a rule stands: no name in rule text has it.</summary>
    private const char Draining = '\n';

    /// <param name="ordered">A failure of a rule that runs, or of a version that is being drained.</param>
    /// <param name="rules">The rules that run.</param>
    /// <param name="output">Where to.</param>
    public static void Write(OrderedError ordered, RunningRules rules, EventBinaryOutput output)
    {
        var (content, error, patterns) = (new EventBinaryOutput(), ordered.Error!, rules.Patterns);
        content.String(rules.Draining.FirstOrDefault(d => d.Pattern == ordered.Pattern) is { } draining
            ? FormattableString.Invariant($"{Draining}{draining.Number}") : patterns.Compiled.First(c => c.Pattern == ordered.Pattern).Rule.Name);
        content.Long(error.TimeMs);
        content.Long(ordered.Order);
        content.Long(ordered.Matches);
        content.Long(ordered.Timeouts);
        content.String(error.Message);
        content.Unsigned((ulong)error.Key.Count);
        foreach (var (i, value) in error.Key.Index())
            ValueFormat.Write(error.Rule.Inputs[0].KeyFields[i].Kind, value!, content);
        content.Bool(error.Event is not null);
        if (error.Event is { } e)
        {
            var type = patterns.RuleSet.Streams[e.Stream].EventType;
            EventBinarySchema.Of(type).Write(content);
            new EventBinaryWriter(type).Write(content, e.Value);
        }
        output.Unsigned((ulong)content.Count);
        output.Bytes(content.Written);
    }

    /// <param name="input">Where from.</param>
    /// <param name="rules">The rules now.</param>
    /// <param name="plan">What happened to those that wrote it.</param>
    /// <returns>Null where the rule is no more, or looks for something else.</returns>
    public static OrderedError? Read(EventBinaryInput input, RunningRules rules, SwapPlan plan)
    {
        var content = input.Part(input.Number(input.Left, "length of a failure"));
        if (RuleOf(content.String(), rules, plan) is not { Rule: var rule } compiled)
            return null;
        var patterns = rules.Patterns;
        var (timeMs, order, matches, timeouts, message) = (content.Long(), content.Long(), content.Long(), content.Long(), content.String());
        var key = new object?[content.Number(rule.Inputs[0].KeyFields.Count, "number of key values")];
        for (var i = 0; i < key.Length; i++)
            key[i] = ValueFormat.Read(rule.Inputs[0].KeyFields[i].Kind, content);
        var error = new RuleError { Rule = rule, Key = key, Event = content.Bool() ? ReadEvent(content, patterns.RuleSet.Streams) : null, TimeMs = timeMs, Message = message };
        return new OrderedError(error, order, compiled.Pattern) { Matches = matches, Timeouts = timeouts };
    }

    private static CompiledRule? RuleOf(string name, RunningRules rules, SwapPlan plan) =>
        name is [Draining, ..] ? rules.Draining.FirstOrDefault(d => d.Number == long.Parse(name.AsSpan(1), CultureInfo.InvariantCulture))?.Compiled
        : plan.OfOld(name) switch
        {
            { Fate: RuleFate.Kept } change => rules.Patterns.Find(change.After!),
            { Fate: RuleFate.Drained } change => rules.DrainingFrom(change.Was!)?.Compiled,
            _ => null,
        };

    private static StreamEvent? ReadEvent(EventBinaryInput content, IReadOnlyList<StreamDefinition> streams)
    {
        var schema = EventBinarySchema.Read(content);
        foreach (var (i, stream) in streams.Index())
        {
            if (stream.Name == schema.Name)
                return new StreamEvent(i, new EventBinaryReader(schema, stream.EventType).Read(content));
        }
        return null;
    }
}
