using Cep.Rules;

namespace Cep.Streaming;

/// <summary>An event on its way through a job: the event object and the stream it came on.</summary>
/// <param name="Stream">The stream's position in the rule set.</param>
/// <param name="Value">The event, of the stream's CLR class.</param>
public readonly record struct StreamEvent(int Stream, object Value)
{
    /// <summary>The position by which events name their stream.</summary>
    /// <exception cref="ArgumentException">The stream is not in the set.</exception>
    internal static int PositionOf(StreamDefinition stream, IReadOnlyList<StreamDefinition> streams)
    {
        for (var i = 0; i < streams.Count; i++)
        {
            if (streams[i] == stream)
                return i;
        }
        throw new ArgumentException($"The stream `{stream.Name}` is not in the rule set.", nameof(stream));
    }
}
