using Cep.Conditions;
using Cep.Events;

namespace Cep.Streaming.Snapshots;

/// <summary>How single values of expressions lie in a checkpoint.</summary>
internal static class ValueFormat
{
    /// <param name="kind">What it is.</param>
    /// <param name="value">Of the CLR type of the kind; not null.</param>
    /// <param name="output">Where to.</param>
    public static void Write(ValueKind kind, object value, EventBinaryOutput output)
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

    public static object Read(ValueKind kind, EventBinaryInput input) => kind switch
    {
        ValueKind.Bool => input.Bool(),
        ValueKind.Double => input.Double(),
        ValueKind.Decimal => input.Decimal(),
        ValueKind.String => input.String(),
        _ => input.Long(),
    };
}
