using System.Globalization;
using System.Text;
using Cep.Engine.Connectors;
using Cep.Engine.Keys;

namespace Cep.Engine.Tests.Support;

/// <summary>What flows through the test jobs.</summary>
internal sealed record Event(string Key, long TimestampMs, int Number)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key}@{TimestampMs}#{Number}");
}

internal sealed class ByKey : Partitioner<Event>
{
    public override bool TryRoute(Event value, int lane, out ulong hash)
    {
        hash = StableHash.Of(value.Key);
        return true;
    }
}

/// <summary>Reads <c>key timestamp</c>; anything else is malformed.</summary>
internal sealed class EventDecoder : RecordDecoder<Event>
{
    private int _count;

    public string? HeaderText { get; private set; }

    public override void Header(ReadOnlySpan<byte> header) => HeaderText = Encoding.UTF8.GetString(header);

    public override bool TryDecode(ReadOnlySpan<byte> record, long receivedAtMs, out Event value, out long timestampMs, out string? error)
    {
        string[] parts = Encoding.UTF8.GetString(record).Split(' ');
        timestampMs = 0;
        bool isGood = parts.Length == 2 && long.TryParse(parts[1], CultureInfo.InvariantCulture, out timestampMs);
        value = isGood ? new Event(parts[0], timestampMs, _count++) : null!;
        error = isGood ? null : "Not a key and a time.";
        return isGood;
    }
}
