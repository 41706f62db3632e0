using Cep.Conditions;
using Cep.Events;
using Cep.Rules;

namespace Cep.Streaming.Quarantine;

/// <summary>How the failure of a rule lies in a checkpoint.</summary>
internal static class OrderedErrorFormat
{
    public static void Write(OrderedError error, PatternSet patterns, EventBinaryOutput output)
    {
        var content = new EventBinaryOutput();
        content.String(error.Error.Rule.Name);
        content.Long(error.Error.TimeMs);
        content.Long(error.Order);
        content.Long(error.Matches);
        content.Long(error.Timeouts);
        content.String(error.Error.Message);
        content.Unsigned((ulong)error.Error.Key.Count);
        foreach (var (i, value) in error.Error.Key.Index())
            WriteValue(error.Error.Rule.Inputs[0].KeyFields[i].Kind, value!, content);
        content.Bool(error.Error.Event is not null);
        if (error.Error.Event is { } e)
        {
            var type = patterns.RuleSet.Streams[e.Stream].EventType;
            EventBinarySchema.Of(type).Write(content);
            new EventBinaryWriter(type).Write(content, e.Value);
        }
        output.Unsigned((ulong)content.Count);
        output.Bytes(content.Written);
    }

    /// <returns>Null where the rule is no more.</returns>
    public static OrderedError? Read(EventBinaryInput input, PatternSet patterns)
    {
        var content = input.Part(input.Number(input.Left, "length of a failure"));
        var name = content.String();
        if (patterns.Rules.FirstOrDefault(r => r.Name == name) is not { } rule)
            return null;
        var (timeMs, order, matches, timeouts, message) = (content.Long(), content.Long(), content.Long(), content.Long(), content.String());
        var key = new object?[content.Number(rule.Inputs[0].KeyFields.Count, "number of key values")];
        for (var i = 0; i < key.Length; i++)
            key[i] = ReadValue(rule.Inputs[0].KeyFields[i].Kind, content);
        var error = new RuleError { Rule = rule, Key = key, Event = content.Bool() ? ReadEvent(content, patterns.RuleSet.Streams) : null, TimeMs = timeMs, Message = message };
        return new OrderedError(error, order) { Matches = matches, Timeouts = timeouts };
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
