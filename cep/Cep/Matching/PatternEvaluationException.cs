using System.Globalization;

namespace Cep.Matching;

/// <summary>A pattern cannot be evaluated at an event or deadline: a condition in code threw, a skip strategy fails, or there are too many partial matches.</summary>
/// <remarks>Arithmetic that overflows or divides by zero is none of these: there the condition does not hold.</remarks>
public sealed class PatternEvaluationException : Exception
{
    internal PatternEvaluationException(string reason, string? step, object? value, long timeMs, Exception? inner = null)
        : base(string.Create(CultureInfo.InvariantCulture, $"{reason} It happened at {EventTime.Of(timeMs):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}."), inner) =>
        (Reason, Step, Event, Time, TimeMs) = (reason, step, value, EventTime.Of(timeMs), timeMs);

    /// <summary>What happened, whole sentences, without the time.</summary>
    public string Reason { get; }

    /// <summary>The step whose condition it was, or to which should have been skipped; null where it is about no step.</summary>
    public string? Step { get; }

    /// <summary>The event that was offered; null at a deadline.</summary>
    public object? Event { get; }

    /// <summary>Event time of the event or deadline.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The last event of the match that it is about; null where it is about none.</summary>
    internal Evaluation.EventNode? Match { get; init; }

    /// <summary>The same in Unix milliseconds, not cut off at the ends of <see cref="DateTimeOffset"/>.</summary>
    internal long TimeMs { get; }
}
