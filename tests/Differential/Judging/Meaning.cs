using System.Collections.Immutable;
using Cep.Conditions;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Differential.Judging;

/// <summary>
/// What the parts of a pattern mean, read off the pattern itself: which step may come next, which events may be let go by, what is forbidden. No graph is
/// built. Where Flink CEP's observable behaviour is not what one would expect, the rule says so with "quirk".
/// </summary>
internal sealed class Meaning(Pattern pattern, Interpreter interpreter, Absences absences)
{
    // ---- where one may stand

    /// <summary>Before the first event; several places where the pattern begins with alternatives.</summary>
    public IReadOnlyList<Stand> Beginning => Enter(new Level(pattern.Steps, null, 0, null, -1), 0, [], null);

    /// <summary>Behind a step, or a group, with all its rounds taken or left out.</summary>
    /// <param name="level">The sequence.</param>
    /// <param name="index">The position of the step.</param>
    /// <param name="over">The <c>not</c>s that are over.</param>
    /// <param name="ended">The innermost group whose round has ended there; null for none.</param>
    private IReadOnlyList<Stand> After(Level level, int index, ImmutableHashSet<string> over, Level? ended = null) => Enter(level, index + 1, over, ended);

    private IReadOnlyList<Stand> Enter(Level level, int index, ImmutableHashSet<string> over, Level? ended)
    {
        if (index == level.Steps.Count)
            return EndOfRound(level, over, ended ?? level);
        Stand At(StandKind kind) => new(kind, level, index) { Over = over, Ended = ended };
        switch (level.Steps[index])
        {
            case EventStep { IsNegated: true, Link: Contiguity.Strict }:
                return [At(StandKind.NotNext)];
            case { IsNegated: true }:
                // A `not` between two steps is no place of its own. Quirk: so one directly before the final `not` is never asked.
                return level.Group is null && index == level.Steps.Count - 1
                    ? [At(StandKind.Absence)]
                    : Enter(level, index + 1, over, ended);
            case GroupStep group:
                return group.Alternatives.SelectMany(a => Enter(new Level(a, group, 0, level, index), 0, over, ended)).ToArray();
            default:
                return [At(StandKind.Open)];
        }
    }

    private IReadOnlyList<Stand> EndOfRound(Level level, ImmutableHashSet<string> over, Level ended)
    {
        if (level.Group is null)
            return [new Stand(StandKind.Complete, level, level.Steps.Count)];
        var q = level.Group.Quantifier;
        if (q.IsUnbounded)
        {
            // Quirk: who has an earlier `not` behind him here is led nowhere.
            if (level.HasEnough && !over.IsEmpty)
                return [new Stand(StandKind.Nowhere, level, level.Steps.Count)];
            return NextRound(Math.Min(level.Round + 1, Level.Least(q))).Select(s => s with { IsBetweenRounds = level.HasEnough }).ToArray();
        }
        return level.Round + 1 < Math.Max(q.Max!.Value, Level.Least(q)) ? NextRound(level.Round + 1) : After(level.Outer!, level.Index, over, ended);

        IReadOnlyList<Stand> NextRound(int round) =>
            level.Group.Alternatives.SelectMany(a => Enter(level with { Steps = a, Round = round }, 0, over, ended)).ToArray();
    }

    /// <summary>Where a partial match stands once the step at which it stands has taken one more event.</summary>
    public IReadOnlyList<Stand> AfterTaking(Stand at)
    {
        var q = at.Step.Quantifier;
        // Taking an optional step ends the `not`s before it; before a step that must be taken there are none that reach further.
        var over = q.CanBeSkipped ? EarlierNots(at.Level, at.Index).Select(n => n.Name).ToImmutableHashSet() : [];
        if (q.IsUnbounded)
            return [new Stand(StandKind.Open, at.Level, at.Index, Math.Min(at.Done + 1, Level.Least(q))) { Over = over }];
        return at.Done + 1 < Math.Max(q.Max!.Value, Level.Least(q))
            ? [new Stand(StandKind.Open, at.Level, at.Index, at.Done + 1) { Over = over }]
            : After(at.Level, at.Index, over);
    }

    /// <summary>Where an event may be offered instead, because what one waits for may be left out.</summary>
    public IEnumerable<Stand> Instead(Stand at, int candidate, Chain? taken)
    {
        if (at.Kind == StandKind.NotNext)
        {
            foreach (var next in After(at.Level, at.Index, at.Over).Where(n => n.Kind != StandKind.Complete && !Accepts(at.EventStep, at.Level, candidate, taken)))
                yield return next;
        }
        if (at.Kind != StandKind.Open)
            yield break;
        var q = at.Step.Quantifier;
        if (at.Done == 0 ? q.CanBeSkipped : at.HasEnough)
        {
            // An event that ends a greedy loop by `until` is not withheld from what follows; where nothing is withheld, nobody is freed.
            var isFreed = q is { IsGreedy: true, Until: not null } && Until(at.Step, candidate, taken) && (at.Done > 0 || IsGreedyOf(at.Level, at.Index, at));
            // Quirk: where the loop ends a later round of an unbounded group, such an event is led nowhere.
            foreach (var next in After(at.Level, at.Index, at.Over).Where(n => !(isFreed && n.IsBetweenRounds)))
                yield return next with { IsFreed = isFreed };
        }
        if (at.Done > 0 || at.Index > 0)
            yield break;
        // The first step of a round is also where one leaves the group.
        for (var level = at.Level; level.Group is { } group; level = level.Outer!)
        {
            if (level.Round == 0 ? group.Quantifier.CanBeSkipped : level.HasEnough)
            {
                // Quirk: only an unbounded group ends the `not`s before it; behind a counted one they are in force again.
                var ends = level.Round > 0 && group.Quantifier is { IsUnbounded: true, CanBeSkipped: true };
                var over = ends ? at.Over.Union(EarlierNots(level.Outer!, level.Index).Select(n => n.Name)) : at.Over;
                foreach (var next in After(level.Outer!, level.Index, over))
                    yield return next;
            }
            if (level.Round > 0 || level.Index > 0)
                yield break;
        }
    }

    // ---- what an event does

    /// <summary>Whether the step takes the event.</summary>
    public bool Takes(Stand at, int candidate, Chain? taken) =>
        at.Kind is StandKind.Open or StandKind.Decided
        && Accepts(at.EventStep, at.Level, candidate, taken)
        && !Until(at.Step, candidate, taken);

    /// <summary>Where one stands after letting the event go by; null where it may not be let go by.</summary>
    public Stand? AfterIgnoring(Stand at, int candidate, Chain? taken)
    {
        if (at.Kind is not (StandKind.Open or StandKind.Decided))
            return null;
        if (at.Done > 0 && Until(at.Step, candidate, taken) || GroupUntil(at.Level, candidate, taken))
            return null;
        var mayGoBy = ContiguityBefore(at) switch
        {
            Contiguity.Strict => false,
            Contiguity.Relaxed => !interpreter.Holds(at.EventStep.Stream, at.EventStep.Where, candidate, taken),
            _ => true,
        };
        if (!mayGoBy)
            return null;
        return IsDecidedByWaiting(at) ? new Stand(StandKind.Decided, at.Level, at.Index, at.Done) : at with { IsBetweenRounds = false };
    }

    /// <summary>Whether the event completes a match by not being what a strict <c>not</c> at the end forbids.</summary>
    public bool CompletesByNotNext(Stand at, int candidate, Chain? taken) =>
        at.Kind == StandKind.NotNext && After(at.Level, at.Index, at.Over).Any(n => n.Kind == StandKind.Complete) && !Accepts(at.EventStep, at.Level, candidate, taken);

    /// <summary>Letting an event go by while waiting for what could be left out decides that it is not. Quirk: at the head of a later round of a group it does not.</summary>
    private static bool IsDecidedByWaiting(Stand at)
    {
        if (at.Kind == StandKind.Decided)
            return true;
        var isHeadOfOptionalGroup = at.Index == 0 && at.Level is { Round: 0, Group.Quantifier.CanBeSkipped: true };
        return at.Done == 0 ? at.Step.Quantifier.CanBeSkipped || isHeadOfOptionalGroup : at.HasEnough || isHeadOfOptionalGroup;
    }

    private static Contiguity ContiguityBefore(Stand at)
    {
        // The first step of a group follows as the group does. Quirk: and so do the rounds of a loop that is the first step of a group.
        if (at.Index == 0 && at.Level.Group is { } group)
            return at.Done == 0 && at.Level.Round == 0 ? group.Link : group.Quantifier.Inner;
        return at.Done == 0 ? at.Step.Link : at.Step.Quantifier.Inner;
    }

    /// <summary>Whether the event is forbidden here: it ends the partial match, whatever else it might do.</summary>
    public bool IsForbidden(Stand at, int candidate, Chain? taken) =>
        Nots(at).Any(n => Accepts(n.Not, n.Level, candidate, taken)) || AbsentGroups(at).Any(g => absences.Completes(g, taken!, candidate));

    /// <summary>The groups that must not come while one stands there: those before the step for which one waits, and those at the end.</summary>
    private static IEnumerable<GroupStep> AbsentGroups(Stand at)
    {
        if (at.Done > 0 || at.Kind is StandKind.Complete or StandKind.Nowhere)
            yield break;
        var (level, index) = (at.Level, at.Kind == StandKind.Absence ? at.Index + 1 : at.Index);
        while (true)
        {
            for (var i = index - 1; i >= 0 && level.Steps[i] is { IsNegated: true }; i--)
            {
                if (level.Steps[i] is GroupStep group)
                    yield return group;
            }
            // The first step of a group waits for what the group waits for, but only in its first round.
            if (index > 0 || level is not { Round: 0, Outer: { } outer })
                yield break;
            (level, index) = (outer, level.Index);
        }
    }

    private static IEnumerable<(EventStep Not, Level Level)> Nots(Stand at)
    {
        var (level, index) = (at.Level, at.Index);
        if (at.Kind is StandKind.NotNext or StandKind.Absence)
            return at.Step is EventStep not ? [(not, level)] : EarlierNots(level, index).Select(n => (n, level));
        if (at.Kind is StandKind.Complete or StandKind.Nowhere)
            return [];
        if (at.Kind == StandKind.Decided)
        {
            // Quirk: who has decided for an optional step or round obeys the `not`s before it, even those that were over.
            return at.Step.Quantifier.IsUnbounded && at.HasEnough ? NotBehind(level, index) : EarlierNots(level, index).Select(n => (n, level));
        }
        // Quirk: a `not` behind a loop forbids inside the loop already.
        if (at.Done > 0)
            return NotBehind(level, index);
        return NotsAtHead(at);
    }

    /// <summary>The <c>not</c>s before a step; before the first step of a group, those before or behind the group too.</summary>
    private static IEnumerable<(EventStep Not, Level Level)> NotsAtHead(Stand at)
    {
        var nots = EarlierNots(at.Level, at.Index).Where(n => !at.Over.Contains(n.Name)).Select(n => (n, at.Level)).ToList();
        var (level, index) = (at.Level, at.Index);
        for (; index == 0 && level.Group is { } group; (level, index) = (level.Outer!, level.Index))
        {
            if (level.Round > 0)
            {
                if (!(group.Quantifier.IsUnbounded && level.HasEnough))
                    nots.AddRange(NotBehind(level.Outer!, level.Index));
                break;
            }
            nots.AddRange(EarlierNots(level.Outer!, level.Index).Where(n => !at.Over.Contains(n.Name)).Select(n => (n, level.Outer!)));
        }
        return nots;
    }

    /// <summary>The <c>not</c>s that are in force before a step: those from which only steps that may be left out lead to it.</summary>
    private static IEnumerable<EventStep> EarlierNots(Level level, int index)
    {
        for (var i = index - 1; i >= 0; i--)
        {
            if (level.Steps[i] is EventStep { IsNegated: true, Link: not Contiguity.Strict } not)
                yield return not;
            else if (level.Steps[i] is not GroupStep { IsNegated: true } && !level.Steps[i].Quantifier.CanBeSkipped)
                yield break;
        }
    }

    /// <summary>The <c>not</c> directly behind a step; behind the last step of a group, the one behind the group.</summary>
    private static IEnumerable<(EventStep Not, Level Level)> NotBehind(Level level, int index)
    {
        var scope = level;
        while (index + 1 == level.Steps.Count && level.Outer is { } outer)
            (level, index) = (outer, level.Index);
        return index + 1 < level.Steps.Count && level.Steps[index + 1] is EventStep { IsNegated: true, Link: not Contiguity.Strict } not ? [(not, scope)] : [];
    }

    // ---- greed

    /// <summary>Whether a greedy loop directly before keeps the event to itself. Quirk: then nothing at all happens here, not even letting it go by.</summary>
    public bool IsWithheld(Stand at, int candidate, Chain? taken) =>
        at is { Kind: StandKind.Open or StandKind.NotNext or StandKind.Absence, Done: 0, IsFreed: false }
        && GreedyBefore(at.Level, at.Index, at.Ended) is { } greedy
        && IsGreedyOf(greedy.Level, greedy.Index, at)
        && Accepts((EventStep)greedy.Level.Steps[greedy.Index], greedy.Level, candidate, taken);

    /// <summary>Quirk: an optional unbounded loop behind a <c>not</c> withholds nothing from those that leave it out.</summary>
    private static bool IsGreedyOf(Level level, int index, Stand at) =>
        level.Steps[index].Quantifier is not { IsUnbounded: true, CanBeSkipped: true } || EarlierNots(level, index).All(n => at.Over.Contains(n.Name));

    private static (Level Level, int Index)? GreedyBefore(Level level, int index, Level? ended)
    {
        if (index == 0)
        {
            return level switch
            {
                { Group: null } => null,
                { Round: 0 } => GreedyBefore(level.Outer!, level.Index, ended),
                { Group: { } group, Outer: { } outer } => EndOf(group, outer, level.Index),
                _ => null,
            };
        }
        return level.Steps[index - 1] switch
        {
            EventStep { IsNegated: true, Link: Contiguity.Strict } => null,
            { IsNegated: true } => GreedyBefore(level, index - 1, ended),
            EventStep { Quantifier: { IsGreedy: true } q } when q.Max != Level.Least(q) => (level, index - 1),
            // A round of an unbounded group is followed by the next.
            GroupStep { Quantifier.IsUnbounded: false } group => EndOf(group, level, index - 1),
            _ => null,
        };

        // Each alternative withholds what it would if it stood there alone.
        (Level, int)? EndOf(GroupStep group, Level outer, int at)
        {
            var round = ended;
            while (round is not null && !(round.Group == group && round.Index == at))
                round = round.Outer;
            var steps = round?.Steps ?? (group.OrElse.Count == 0 ? group.Steps : null);
            return steps is null ? null : GreedyBefore(new Level(steps, group, 0, outer, at), steps.Count, ended);
        }
    }

    // ---- conditions

    private bool Accepts(EventStep step, Level level, int candidate, Chain? taken) =>
        interpreter.Holds(step.Stream, step.Where, candidate, taken) && !GroupUntil(level, candidate, taken);

    private bool GroupUntil(Level level, int candidate, Chain? taken) => level.Group is { } group && Until(group, candidate, taken);

    private bool Until(PatternStep step, int candidate, Chain? taken) =>
        step.Quantifier.Until is { } until && interpreter.Holds((step as EventStep)?.Stream ?? StreamOf(until), until, candidate, taken);

    private static EventType? StreamOf(Expr e) => e is FieldExpr f ? f.EventType : e.Children.Select(StreamOf).FirstOrDefault(s => s is not null);

    // ---- time

    /// <summary>When a partial match runs out of time; <see cref="long.MaxValue"/> for never.</summary>
    public long DeadlineMs(Stand at, long startMs, long lastMs)
    {
        var gapMs = (OwnGapMs(at) ?? pattern.GapMs) is { } gap ? lastMs + gap : long.MaxValue;
        // The wait of a final `not` that has a window of its own is not cut short by the pattern's.
        if (at.Kind == StandKind.Absence && gapMs != long.MaxValue)
            return gapMs;
        return Math.Min(gapMs, pattern.WithinMs is { } within ? startMs + within : long.MaxValue);
    }

    /// <summary>
    /// The window of the step for which one waits. Quirk: it is gone for who has decided, for who has an earlier <c>not</c> behind him, and in the round of
    /// a loop, or of a group, after which no other must or can be counted.
    /// </summary>
    private static long? OwnGapMs(Stand at)
    {
        if (at.Kind is StandKind.NotNext or StandKind.Absence)
            return IsCopy(at) ? null : at.Step.GapMs;
        if (at.Kind != StandKind.Open || at.IsBetweenRounds || IsCopy(at))
            return null;
        var q = at.Step.Quantifier;
        if (!q.IsLoop)
            return at.EventStep.GapMs;
        var isLastRound = q.Max is { } max ? at.Done == Math.Max(max, Level.Least(q)) - 1 : at.HasEnough;
        for (var level = at.Level; isLastRound && level.Group is { } group; level = level.Outer!)
            isLastRound = group.Quantifier.Max is { } rounds ? level.Round == Math.Max(rounds, Level.Least(group.Quantifier)) - 1 : level.HasEnough;
        return isLastRound ? null : q.GapMs;

        static bool IsCopy(Stand at) => at.IsFreed || !at.Over.IsEmpty;
    }
}
