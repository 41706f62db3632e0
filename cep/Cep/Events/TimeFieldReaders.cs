using System.Buffers.Text;
using System.Text.Json;

namespace Cep.Events;

/// <summary>Reads times as ISO-8601 text or as whole epoch milliseconds, in the years 1 to 9999.</summary>
internal sealed class TimestampFieldReader(EventField field) : FieldReader<long>(field)
{
    public override string Expected => "a timestamp, ISO-8601 text or epoch milliseconds";

    public override bool TryReadJson(ref Utf8JsonReader json, object target)
    {
        if (json.TokenType == JsonTokenType.Number)
            return json.TryGetInt64(out var number) && TrySet(target, number);
        return TryText(ref json, out var utf8) && TimestampText.TryParse(utf8, out var ms) && TrySet(target, ms);
    }

    public override bool TryReadText(ReadOnlySpan<byte> utf8, object target)
    {
        if (Utf8Parser.TryParse(utf8, out long number, out var length) && length == utf8.Length)
            return TrySet(target, number);
        return TimestampText.TryParse(utf8, out var ms) && TrySet(target, ms);
    }

    private bool TrySet(object target, long ms)
    {
        if (!TimestampText.IsInRange(ms))
            return false;
        Set(target, ms);
        return true;
    }
}

/// <summary>Reads spans of time as rule text writes them or as whole milliseconds.</summary>
internal sealed class DurationFieldReader(EventField field) : FieldReader<long>(field)
{
    /// <summary>A <see cref="TimeSpan"/> counts ticks, so it reaches less far than milliseconds do.</summary>
    private readonly long _max = MemberType(field) == typeof(TimeSpan) ? long.MaxValue / TimeSpan.TicksPerMillisecond : long.MaxValue;

    public override string Expected => "a duration such as \"1h30m\", or whole milliseconds";

    public override bool TryReadJson(ref Utf8JsonReader json, object target)
    {
        if (json.TokenType == JsonTokenType.Number)
            return json.TryGetInt64(out var number) && TrySet(target, number);
        return TryText(ref json, out var utf8) && DurationText.TryParse(utf8, out var ms) && TrySet(target, ms);
    }

    public override bool TryReadText(ReadOnlySpan<byte> utf8, object target)
    {
        if (Utf8Parser.TryParse(utf8, out long number, out var length) && length == utf8.Length)
            return TrySet(target, number);
        return DurationText.TryParse(utf8, out var ms) && TrySet(target, ms);
    }

    private bool TrySet(object target, long ms)
    {
        if (ms > _max || ms < -_max - 1)
            return false;
        Set(target, ms);
        return true;
    }
}
