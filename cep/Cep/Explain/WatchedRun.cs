using Cep.Evaluation;
using Cep.Nfa;

namespace Cep.Explain;

/// <summary>A partial match under watch: its events, where it waits, what it saw meanwhile, and how it ended.</summary>
internal sealed class WatchedRun(Run run, int eventsLeft, int count)
{
    /// <summary>The run as it stood last; of several states, the one nearest to a match.</summary>
    public Run Run { get; private set; } = run;

    /// <summary>How many events it needs at least, beside those taken.</summary>
    public int EventsLeft { get; private set; } = eventsLeft;

    /// <summary>How many events it has taken.</summary>
    public int Count { get; } = count;

    /// <summary>What it saw, by the step it waited for.</summary>
    public Dictionary<int, StepWait> Waits { get; } = [];

    /// <summary>When it runs out of time; <see cref="long.MaxValue"/> for never.</summary>
    public long DeadlineMs { get; set; } = long.MaxValue;

    public PartialMatchEnd End { get; set; }

    public long? EndedAtMs { get; set; }

    public ExplainedEvent? EndedBy { get; set; }

    /// <summary>Where it stands now.</summary>
    public void Stand(in Run run, int eventsLeft)
    {
        if (run.State != Run.State && eventsLeft <= EventsLeft)
            (Run, EventsLeft) = (run, eventsLeft);
    }

    /// <summary>Whether it came further than another: fewer events left, then an event that met more of what it waited for, then more events, then the later one.</summary>
    public bool IsFurtherThan(WatchedRun other)
    {
        var order = other.EventsLeft.CompareTo(EventsLeft);
        order = order != 0 ? order : Nearness.CompareTo(other.Nearness);
        order = order != 0 ? order : Count.CompareTo(other.Count);
        return order > 0 || (order == 0 && Run.CompareStart(Run, other.Run) >= 0);
    }

    /// <summary>Whether all that it needs is there, and it is held back.</summary>
    public bool IsComplete => Run.State.Kind == StateKind.Final;

    private double Nearness => Waits.Count == 0 ? -1 : Waits.Values.Max(w => w.Nearness);
}
