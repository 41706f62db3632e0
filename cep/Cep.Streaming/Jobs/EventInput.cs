using Cep.Engine.Connectors;
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

/// <summary>An input of a rule job: bytes, their format, and the streams whose events they hold.</summary>
/// <param name="Bytes">Where the bytes come from.</param>
/// <param name="Format">How events are written.</param>
/// <param name="Streams">One stream; or, for JSON lines, several that go by one kind of time, each event naming its own by <c>"$stream"</c>.</param>
public sealed record EventInput(ByteInput Bytes, EventFormat Format, IReadOnlyList<StreamDefinition> Streams);
