using Cep.Engine.State;
using Cep.Engine.Streams;
using Cep.Engine.Streams.Windows;

namespace Cep.Engine.Operators;

/// <summary>How windows end, and what becomes of records that come too late.</summary>
/// <typeparam name="TIn">The type of the records.</typeparam>
public sealed class WindowOptions<TIn>
{
    private readonly TimeSpan _allowedLateness;

    /// <summary>For how long after its end a window takes records; each gives its result anew. Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public TimeSpan AllowedLateness
    {
        get => _allowedLateness;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _allowedLateness = value;
        }
    }

    /// <summary>Where records go all of whose windows are gone. Default: they are dropped and counted.</summary>
    public OutputTag<TIn>? LateTag { get; init; }

    /// <summary>When results are emitted. Default: <see cref="WindowTrigger.EventTime"/>.</summary>
    public WindowTrigger Trigger { get; init; } = WindowTrigger.EventTime;

    /// <summary>Where state is kept; null for memory.</summary>
    public StateBackend? StateBackend { get; init; }
}
