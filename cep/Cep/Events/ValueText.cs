using System.Globalization;
using Cep.Conditions;

namespace Cep.Events;

/// <summary>Values as plain text, for keys and messages.</summary>
public static class ValueText
{
    /// <summary>
    /// The text of a value: numbers as in JSON, timestamps in ISO-8601, durations as in rule text, text as it is, null as <c>null</c>.
    /// </summary>
    /// <param name="kind">The kind of the value.</param>
    /// <param name="value">The value in the CLR type of the kind, or null.</param>
    public static string Of(ValueKind kind, object? value) => (kind, value) switch
    {
        (_, null) => "null",
        (ValueKind.Bool, bool b) => b ? "true" : "false",
        (ValueKind.Timestamp, long ms) => TimestampText.Format(ms),
        (ValueKind.Duration, long ms) => DurationText.Format(ms),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
