using Cep.Benchmarks.Streams;

namespace Cep.Benchmarks.ByHand;

/// <summary>A program that answers one query, as a good programmer writes it who needs nothing else: state by key, no generality.</summary>
internal abstract class HandWritten
{
    /// <summary>The matches so far.</summary>
    public long Matches { get; private set; }

    /// <summary>Takes the events of each match; null when they are only counted.</summary>
    public Action<Tick[]>? Found { get; set; }

    /// <summary>Takes the next event; events come in order of time.</summary>
    public abstract void OnEvent(Tick e);

    /// <summary>Lets time pass up to that of the last event.</summary>
    public virtual void AdvanceTo(long timeMs)
    {
    }

    protected void Emit(params Tick[] events)
    {
        Matches++;
        Found?.Invoke(events);
    }
}
