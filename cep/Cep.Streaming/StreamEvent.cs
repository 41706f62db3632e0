namespace Cep.Streaming;

/// <summary>An event on its way through a job: the event object and the stream it came on.</summary>
/// <param name="Stream">The stream's position in the rule set.</param>
/// <param name="Value">The event, of the stream's CLR class.</param>
public readonly record struct StreamEvent(int Stream, object Value);
