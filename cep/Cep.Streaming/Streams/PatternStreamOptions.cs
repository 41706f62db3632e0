using Cep.Engine.Streams;
using Cep.Matching;
using Cep.Patterns;

namespace Cep.Streaming.Streams;

/// <summary>What becomes of events and partial matches that lead to no match.</summary>
/// <typeparam name="T">The class of the events.</typeparam>
public sealed class PatternStreamOptions<T> where T : class
{
    /// <summary>Takes partial matches that run out of time. Default: they are dropped.</summary>
    public OutputTag<Match<T>>? Timeouts { get; init; }

    /// <summary>Takes events that an operator before has emitted behind the watermark. Default: they are dropped.</summary>
    /// <remarks>Late records of a source do not come this far: see <see cref="SourceStream{T}.Late"/>.</remarks>
    public OutputTag<T>? Late { get; init; }

    /// <summary>Bounds the partial matches of each key. Default: 10,000, and the oldest are dropped.</summary>
    public PartialMatchLimit Limit { get; init; } = PartialMatchLimit.Default;
}
