using Cep.Conditions;
using Cep.Events;
using Cep.Rules;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Quarantine;

/// <summary>How the failure of a rule lies in a checkpoint.</summary>
internal static class OrderedErrorFormat
{
    /// <param name="ordered">A failure of a rule that runs.</param>
    /// <param name="patterns">The rules that run.</param>
    /// <param name="output">Where to.</param>
    public static void Write(OrderedError ordered, PatternSet patterns, EventBinaryOutput output)
    {
        var (content, error) = (new EventBinaryOutput(), ordered.Error!);
        content.String(patterns.Compiled.First(c => c.Pattern == ordered.Pattern).Rule.Name);
        content.Long(error.TimeMs);
        content.Long(ordered.Order);
        content.Long(ordered.Matches);
        content.Long(ordered.Timeouts);
        content.String(error.Message);
        content.Unsigned((ulong)error.Key.Count);
        foreach (var (i, value) in error.Key.Index())
            WriteValue(error.Rule.Inputs[0].KeyFields[i].Kind, value!, content);
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
    /// <param name="patterns">The rules now.</param>
    /// <param name="plan">What happened to those that wrote it.</param>
    /// <returns>Null where the rule is no more, or looks for something else.</returns>
    public static OrderedError? Read(EventBinaryInput input, PatternSet patterns, SwapPlan plan)
    {
        var content = input.Part(input.Number(input.Left, "length of a failure"));
        var name = content.String();
        if (plan.OfOld(name) is not { Fate: RuleFate.Kept } change || patterns.Find(change.After!) is not { Rule: var rule } compiled)
            return null;
        var (timeMs, order, matches, timeouts, message) = (content.Long(), content.Long(), content.Long(), content.Long(), content.String());
        var key = new object?[content.Number(rule.Inputs[0].KeyFields.Count, "number of key values")];
        for (var i = 0; i < key.Length; i++)
            key[i] = ReadValue(rule.Inputs[0].KeyFields[i].Kind, content);
        var error = new RuleError { Rule = rule, Key = key, Event = content.Bool() ? ReadEvent(content, patterns.RuleSet.Streams) : null, TimeMs = timeMs, Message = message };
        return new OrderedError(error, order, compiled.Pattern) { Matches = matches, Timeouts = timeouts };
    }

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

    private static void WriteValue(ValueKind kind, object value, EventBinaryOutput output)
    {
        switch (kind)
        {
            case ValueKind.Bool:
                output.Bool((bool)value);
                break;
            case ValueKind.Double:
                output.Double((double)value);
                break;
            case ValueKind.Decimal:
                output.Decimal((decimal)value);
                break;
            case ValueKind.String:
                output.String((string)value);
                break;
            default:
                output.Long((long)value);
                break;
        }
    }

    private static object ReadValue(ValueKind kind, EventBinaryInput input) => kind switch
    {
        ValueKind.Bool => input.Bool(),
        ValueKind.Double => input.Double(),
        ValueKind.Decimal => input.Decimal(),
        ValueKind.String => input.String(),
        _ => input.Long(),
    };
}
