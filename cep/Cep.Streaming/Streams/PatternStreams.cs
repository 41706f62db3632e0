using Cep.Engine.State.Serializers;
using Cep.Engine.Streams;
using Cep.Evaluation;
using Cep.Matching;
using Cep.Patterns;

namespace Cep.Streaming.Streams;

/// <summary>Looks for patterns in streams of the engine.</summary>
public static class PatternStreams
{
    /// <summary>Looks for a pattern among the values of each key.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="T">The class of the events.</typeparam>
    /// <param name="stream">The events; their times are those of the stream.</param>
    /// <param name="pattern">What to look for.</param>
    /// <param name="options">Timeouts, limits, late events; null for the defaults.</param>
    /// <returns>The matches, each at the time when it became certain; those of one time by key. Give it a <see cref="OperatorStream{T}.Uid"/>.</returns>
    /// <remarks>
    /// Events wait until the watermark passes them, and are offered in order of time, those of one millisecond in order of arrival; deadlines pass in their place between
    /// them, also for keys that fall silent. So the matches are those of a <see cref="PatternMatcher{T}"/> over the same events in order. A condition that throws fails the job.
    /// <para>In a checkpoint events are kept by their generated serializer, partial matches beside them. A job goes on from it with the same pattern only; whether a condition in
    /// code has changed cannot be told.</para>
    /// </remarks>
    /// <exception cref="ArgumentException"><see cref="PatternRules.Check"/> finds something wrong with the pattern.</exception>
    /// <exception cref="NotSupportedException">The job takes checkpoints, and events of the class cannot be kept in one; the message says why.</exception>
    public static OperatorStream<Match<T>> Match<TKey, T>(this KeyedStream<TKey, T> stream, Pattern pattern, PatternStreamOptions<T>? options = null)
        where TKey : notnull
        where T : class
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(pattern);
        var compiled = CompiledPattern.Of(pattern);
        var events = stream.Environment.Options.Checkpoints is null ? null : SerializerOf<T>(pattern);
        return stream.Process(() => new PatternFunction<TKey, T>(compiled, options ?? new PatternStreamOptions<T>(), events));
    }

    private static StateSerializer<T> SerializerOf<T>(Pattern pattern) where T : class
    {
        if (pattern.EventSteps.Select(s => s.Stream?.ClrType).FirstOrDefault(type => type is not null && type != typeof(T)) is { } sub)
            throw new NotSupportedException($"A job with checkpoints cannot look for `{sub.Name}` among events of `{typeof(T).Name}`: events are kept as what their stream says they are.");
        try
        {
            return StateSerializer.Of<T>();
        }
        catch (NotSupportedException e)
        {
            throw new NotSupportedException($"A job with checkpoints cannot look for patterns in events of `{typeof(T).Name}`: {e.Message}", e);
        }
    }
}
