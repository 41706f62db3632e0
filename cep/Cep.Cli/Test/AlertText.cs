using Cep.Conditions;
using Cep.Events;
using Cep.Rules.Testing;

namespace Cep.Cli.Test;

/// <summary>Values of alerts as a test writes them.</summary>
internal static class AlertText
{
    /// <summary>A value: texts in quotes, times as <see cref="Time"/>.</summary>
    public static string Of(EventField field, object? value) => (field.Kind, value) switch
    {
        (ValueKind.String, string text) => Quoted(text),
        (ValueKind.Timestamp, long ms) => Time(ms - RuleTest.OriginMs),
        var (kind, other) => ValueText.Of(kind, other),
    };

    /// <summary>A time since the beginning of the test.</summary>
    public static string Time(long ms) => DurationText.Format(ms);

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)}\"";
}
