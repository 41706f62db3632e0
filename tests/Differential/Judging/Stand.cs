using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Cep.Patterns;

namespace Cep.Differential.Judging;

/// <summary>A sequence of steps in the round of the group that repeats it: which group, which round, and where the group stands.</summary>
/// <param name="Steps">The steps.</param>
/// <param name="Group">The group; null for the whole pattern.</param>
/// <param name="Round">How many rounds have been completed; not counted further than the least number of an unbounded group.</param>
/// <param name="Outer">Where the group stands.</param>
/// <param name="Index">At which position there.</param>
internal sealed record Level(IReadOnlyList<PatternStep> Steps, GroupStep? Group, int Round, Level? Outer, int Index)
{
    /// <summary>Whether the least number of rounds has been completed.</summary>
    public bool HasEnough => Group is not null && Round >= Least(Group.Quantifier);

    /// <summary>A least number of 0 is "the loop, optional".</summary>
    public static int Least(Quantifier q) => Math.Max(q.Min, 1);

    /// <summary>Whether it is the same round of the same sequence of the pattern.</summary>
    public bool Equals(Level? other) => ReferenceEquals(this, other)
        || (other is not null && ReferenceEquals(Steps, other.Steps) && Round == other.Round && Index == other.Index && Equals(Outer, other.Outer));

    public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Steps), Round, Index, Outer);
}

/// <summary>For what a partial match waits.</summary>
internal enum StandKind
{
    /// <summary>For the next round of a step, or whatever may come instead.</summary>
    Open,

    /// <summary>For the next round of a step and nothing else: it has let an event go by that way.</summary>
    Decided,

    /// <summary>For the very next event, which a strict <c>not</c> looks at.</summary>
    NotNext,

    /// <summary>For its deadline: the final <c>not</c>.</summary>
    Absence,

    /// <summary>For nothing: the pattern is complete.</summary>
    Complete,

    /// <summary>For nothing that could come: the next event ends it.</summary>
    Nowhere,
}

/// <summary>Where in the pattern a partial match stands between two events.</summary>
/// <param name="Kind">For what it waits.</param>
/// <param name="Level">The sequence in which it stands.</param>
/// <param name="Index">At which step.</param>
/// <param name="Done">How many rounds of the step it has taken; not counted further than the least number of an unbounded loop.</param>
internal sealed record Stand(StandKind Kind, Level Level, int Index, int Done = 0)
{
    /// <summary>The names of the <c>not</c>s that are over because an optional step after them was taken.</summary>
    public ImmutableHashSet<string> Over { get; init; } = [];

    /// <summary>Whether the event that ended a greedy loop with <c>until</c> led here: then the loop withholds nothing.</summary>
    public bool IsFreed { get; init; }

    /// <summary>Whether a round of an unbounded group has just ended, so that no window of the group's first step runs yet.</summary>
    public bool IsBetweenRounds { get; init; }

    /// <summary>The innermost group whose round ended directly before, to tell which alternatives were taken; null for none.</summary>
    public Level? Ended { get; init; }

    public PatternStep Step => Level.Steps[Index];

    public EventStep EventStep => (EventStep)Step;

    /// <summary>Whether at least as many rounds have been taken as must be.</summary>
    public bool HasEnough => Done >= Level.Least(Step.Quantifier);

    public bool Equals(Stand? other) => ReferenceEquals(this, other)
        || (other is not null && Identity == other.Identity && IsBetweenRounds == other.IsBetweenRounds && Over.SetEquals(other.Over));

    public override int GetHashCode() => HashCode.Combine(Kind, Level, Index, Done);

    /// <summary>What tells it from other places where an event can be offered.</summary>
    public (StandKind, Level, int, int, bool, Level?) Identity => (Kind, Level, Index, Done, IsFreed, Ended);
}
