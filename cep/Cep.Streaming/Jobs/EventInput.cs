using Cep.Engine.Connectors;
using Cep.Engine.Connectors.EventLogs;
using Cep.Rules;

namespace Cep.Streaming.Jobs;

/// <summary>How the events of an input are written.</summary>
public enum EventFormat
{
    /// <summary>One JSON object a line.</summary>
    JsonLines,

    /// <summary>Comma-separated values after a header that names the columns.</summary>
    Csv,
}

/// <summary>An input of a rule job: bytes and their format, or an event log; and the streams whose events they hold.</summary>
public sealed record EventInput
{
    /// <summary>Bytes.</summary>
    /// <param name="bytes">Where they come from.</param>
    /// <param name="format">How events are written.</param>
    /// <param name="streams">One stream; or, for JSON lines, several that go by one kind of time, each event naming its own by <c>"$stream"</c>.</param>
    public EventInput(ByteInput bytes, EventFormat format, IReadOnlyList<StreamDefinition> streams) => (Bytes, Format, Streams, Name) = (bytes, format, streams, bytes.Name);

    /// <summary>An event log, each entry of it a JSON object. The job reads it from the oldest entry that is kept, or on from its checkpoint, and waits for more until it is stopped.</summary>
    /// <param name="log">The log, open as long as the job runs.</param>
    /// <param name="streams">One stream; or several that go by one kind of time, each event naming its own by <c>"$stream"</c>.</param>
    public EventInput(EventLog log, IReadOnlyList<StreamDefinition> streams) => (Log, Format, Streams, Name) = (log, EventFormat.JsonLines, streams, log.Name);

    /// <summary>Where the bytes come from; null for an event log.</summary>
    public ByteInput? Bytes { get; }

    /// <summary>The event log; null for bytes.</summary>
    public EventLog? Log { get; }

    /// <summary>How events are written; of an event log, <see cref="EventFormat.JsonLines"/>.</summary>
    public EventFormat Format { get; init; }

    /// <summary>The streams whose events it holds.</summary>
    public IReadOnlyList<StreamDefinition> Streams { get; init; }

    /// <summary>The name, for messages and counts: that of the bytes or of the log.</summary>
    public string Name { get; }
}
