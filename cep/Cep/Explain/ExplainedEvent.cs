namespace Cep.Explain;

/// <summary>An event and what a step's condition said of it.</summary>
/// <param name="Step">The step's name.</param>
/// <param name="Event">The event.</param>
/// <param name="TimeMs">Event time, Unix milliseconds.</param>
/// <param name="Sequence">Its place in the input, from 0.</param>
/// <param name="Condition">The step's condition with its values, as they were before the event was taken; null where the step has none.</param>
public sealed record ExplainedEvent(string Step, object Event, long TimeMs, long Sequence, EvaluatedExpr? Condition);
