using Cep.Conditions;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Nfa;

/// <summary>Compiles a pattern into its automaton, from the last step to the first.</summary>
/// <remarks>
/// The graph is Flink CEP's, edge for edge, because its answers are what a pattern means: which state an ignored event leads to, where a
/// <c>not</c> is forgotten, and in which order edges are tried all show in the matches. One instance compiles one pattern.
/// </remarks>
internal sealed partial class NfaCompiler
{
    private readonly Pattern _pattern;
    private readonly List<EventStep> _steps;
    private readonly Dictionary<string, int> _stepIndex;
    private readonly List<State> _states = [];
    private readonly List<Predicate> _predicates;
    private readonly Dictionary<string, State> _stopStates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _made = new(StringComparer.Ordinal);

    /// <summary>What a greedy loop with <c>until</c> was followed by, before the loop's events were withheld from it.</summary>
    private readonly Dictionary<State, State> _beforeGreed = [];

    /// <param name="pattern">A pattern that keeps the rules.</param>
    /// <param name="predicates">Takes what guards ask about.</param>
    private NfaCompiler(Pattern pattern, List<Predicate> predicates)
    {
        (_pattern, _predicates) = (pattern, predicates);
        _steps = pattern.EventSteps.ToList();
        _stepIndex = _steps.Select((s, i) => (s.Name, i)).ToDictionary(s => s.Name, s => s.i, StringComparer.Ordinal);
    }

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="ArgumentException"><see cref="PatternRules.Check"/> finds something wrong.</exception>
    public static Nfa Compile(Pattern pattern)
    {
        if (PatternRules.Check(pattern) is [var problem, ..])
            throw new ArgumentException(problem.Reason, nameof(pattern));
        return new NfaCompiler(pattern, []).Compile();
    }

    private Nfa Compile()
    {
        var final = NewState("$end$", -1, StateKind.Final);
        var start = Sequence(_pattern.Steps, final, new Scope(null, IsFirstRound: true), following: null);
        start.Kind = StateKind.Start;
        LeadToAlternatives();
        foreach (var state in _states.Where(s => s.Kind is StateKind.Normal or StateKind.Pending))
            state.GapMs ??= _pattern.GapMs;
        return new Nfa { Pattern = _pattern, Steps = _steps, States = _states, Start = start, Predicates = _predicates };
    }

    /// <summary>Where a step stands: the group around it, and whether the group's first round or a later one is being built.</summary>
    private readonly record struct Scope(GroupStep? Group, bool IsFirstRound);

    /// <summary>A step with what the rules about it need to know of its surroundings.</summary>
    private readonly record struct Place(IReadOnlyList<PatternStep> Sequence, int Index, Scope Scope, PatternStep? Following)
    {
        public PatternStep Step => Sequence[Index];

        public bool IsHeadOfGroup => Scope.Group is not null && Index == 0;
    }

    private State Sequence(IReadOnlyList<PatternStep> steps, State sink, Scope scope, PatternStep? following)
    {
        for (var i = steps.Count - 1; i > 0; i--)
        {
            var place = new Place(steps, i, scope, following);
            sink = place.Step switch
            {
                GroupStep { IsNegated: true } not => NotFollowedBy(not, place, sink),
                EventStep { IsNegated: true, Link: Contiguity.Strict } not => NotNext(not, place, sink),
                EventStep { IsNegated: true } not => NotFollowedBy(not, place, sink),
                _ => Positive(place, sink),
            };
            following = steps[i];
        }
        return Positive(new Place(steps, 0, scope, following), sink);
    }

    /// <summary>Between two steps, a <c>not</c> becomes edges of its neighbours; as the last step, a state that waits for the deadline.</summary>
    private State NotFollowedBy(EventStep not, Place place, State sink)
    {
        if (sink.Kind != StateKind.Final)
            return sink;
        var forbidden = TakeGuard(place);
        var pending = NewState(not, StateKind.Pending, waitsForStep: true);
        pending.Add(TransitionKind.Proceed, Stop(not, forbidden), forbidden);
        pending.Add(TransitionKind.Ignore, pending, forbidden.Not());
        return pending;
    }

    private State NotNext(EventStep not, Place place, State sink)
    {
        var forbidden = TakeGuard(place);
        var state = NewState(not, StateKind.Normal, waitsForStep: true);
        // As the last step it takes one more event to know: ignoring it completes the match.
        state.Add(sink.Kind == StateKind.Final ? TransitionKind.Ignore : TransitionKind.Proceed, sink, forbidden.Not());
        state.Add(TransitionKind.Proceed, Stop(not, forbidden), forbidden);
        return state;
    }

    private State Positive(Place place, State sink)
    {
        var quantifier = place.Step.Quantifier;
        State state;
        if (quantifier.IsUnbounded)
        {
            // Once the loop has begun, a `not` before an optional loop no longer applies.
            var loop = Loop(place, WithoutEarlierNots(place, sink));
            state = Rounds(place, loop, sink, AtLeastOne(quantifier.Min), AtLeastOne(quantifier.Min));
        }
        else if (quantifier.IsLoop)
        {
            state = Rounds(place, sink, sink, AtLeastOne(quantifier.Min), quantifier.Max!.Value);
        }
        else
        {
            state = Single(place, sink, sink, TakeGuard(place), IgnoreGuard(place), quantifier.CanBeSkipped, isFirstRound: true);
        }
        AddStops(place, state);
        return state;

        static int AtLeastOne(int count) => Math.Max(count, 1);
    }

    /// <summary>The rounds of a loop that are counted: those that may be left out, those that may not, and the first.</summary>
    private State Rounds(Place place, State loop, State sink, int from, int to)
    {
        var quantifier = place.Step.Quantifier;
        var until = UntilGuard(place);
        var ignore = OutsideUntil(InnerIgnoreGuard(place), until);
        var take = OutsideUntil(TakeGuard(place), until)!;

        if (quantifier.IsGreedy && from != to)
            WithholdFrom(sink, take);

        var state = loop;
        for (var i = from; i < to; i++)
        {
            state = Single(place, state, sink, take, ignore, isOptional: true, isFirstRound: false);
            AddStopAfterLoop(place, state);
        }
        for (var i = 0; i < from - 1; i++)
        {
            state = Single(place, state, sink, take, ignore, isOptional: false, isFirstRound: false);
            AddStopAfterLoop(place, state);
        }
        return Single(place, state, sink, take, IgnoreGuard(place), quantifier.CanBeSkipped, isFirstRound: true);
    }

    private State Single(Place place, State sink, State skipTo, Guard take, Guard? ignore, bool isOptional, bool isFirstRound)
    {
        if (place.Step is GroupStep group)
            return Group(place, group, sink, skipTo, isOptional, isFirstRound);

        var step = (EventStep)place.Step;
        var state = NewState(step, StateKind.Normal, waitsForStep: true);
        // Taking the event ends what an earlier `not` before an optional step forbids.
        var next = WithoutEarlierNots(place, sink);
        state.Add(TransitionKind.Take, next, take);
        if (isOptional)
            ProceedPast(state, skipTo, step.Quantifier.IsGreedy ? UntilGuard(place) : null);
        if (ignore is null)
            return state;

        var waiting = state;
        if (isOptional || IsHeadOfOptionalGroup(place))
        {
            // After an ignored event the step can no longer be left out.
            waiting = NewState(step, StateKind.Normal, waitsForStep: false);
            waiting.Add(TransitionKind.Take, next, take);
            waiting.Add(TransitionKind.Ignore, waiting, ignore);
            AddStops(place, waiting);
        }
        state.Add(TransitionKind.Ignore, waiting, ignore);
        return state;
    }

    private State Loop(Place place, State sink)
    {
        if (place.Step is GroupStep group)
            return GroupLoop(place, group, sink);

        var step = (EventStep)place.Step;
        var until = UntilGuard(place);
        var ignore = OutsideUntil(InnerIgnoreGuard(place), until);
        var take = OutsideUntil(TakeGuard(place), until)!;
        var loop = NewState(step, StateKind.Normal, waitsForStep: true);
        if (step.Quantifier.IsGreedy)
        {
            if (until is not null)
                KeepCopy(sink);
            ProceedPast(loop, sink, until);
            WithholdFrom(sink, TakeGuard(place));
        }
        else
        {
            ProceedPast(loop, sink, null);
        }
        loop.Add(TransitionKind.Take, loop, take);
        AddStopAfterLoop(place, loop);
        if (ignore is not null)
        {
            var waiting = NewState(step, StateKind.Normal, waitsForStep: false);
            waiting.Add(TransitionKind.Take, loop, take);
            waiting.Add(TransitionKind.Ignore, waiting, ignore);
            loop.Add(TransitionKind.Ignore, waiting, ignore);
            AddStopAfterLoop(place, waiting);
        }
        return loop;
    }

    private State Group(Place place, GroupStep group, State sink, State skipTo, bool isOptional, bool isFirstRound)
    {
        // What a greedy loop at the end of one alternative withholds from the step after the group, it does not withhold from those that took another.
        State SinkOfEach() => group.OrElse.Count == 0 || sink.Kind == StateKind.Final ? sink : Copy(sink, keepsWindow: true);
        var head = Alternatives(group, SinkOfEach, new Scope(group, isFirstRound), place.Following);
        if (isOptional)
            AddToHeads(head, h => h.Add(TransitionKind.Proceed, skipTo, Guard.True));
        return head;
    }

    private State GroupLoop(Place place, GroupStep group, State sink)
    {
        var ends = new List<State>();
        State EndOfRound()
        {
            var end = NewState("$again$", -1, StateKind.Normal);
            ends.Add(end);
            _endsOfRounds[end] = ends;
            return end;
        }
        var head = Alternatives(group, EndOfRound, new Scope(group, IsFirstRound: false), place.Following);
        AddToHeads(head, h => h.Add(TransitionKind.Proceed, sink, Guard.True));
        foreach (var end in ends)
            end.Add(TransitionKind.Proceed, NextRound(head, end, isOnlyEnd: ends.Count == 1), Guard.True);
        return head;
    }

    /// <summary>Leaves a loop or skips an optional step; where <paramref name="until"/> ends a greedy loop, the event that ends it is not withheld from what follows.</summary>
    private void ProceedPast(State state, State sink, Guard? until)
    {
        if (until is null)
        {
            state.Add(TransitionKind.Proceed, sink, Guard.True);
            return;
        }
        state.Add(TransitionKind.Proceed, _beforeGreed.GetValueOrDefault(sink, sink), until);
        state.Add(TransitionKind.Proceed, sink, until.Not());
    }

    /// <summary>Greed: an event that the loop can take is not offered to what follows the loop.</summary>
    private void WithholdFrom(State sink, Guard take)
    {
        foreach (var transition in Heads(sink).SelectMany(Progress).SelectMany(s => s.Transitions))
            transition.Guard = transition.Guard.And(take.Not());
        if (_endsOfRounds.ContainsKey(sink))
            _withheldAfter[sink] = _withheldAfter.GetValueOrDefault(sink, Guard.True).And(take.Not());
    }

    private void KeepCopy(State sink) => _beforeGreed[sink] = Copy(sink, keepsWindow: false);

    // ---- what `not` forbids

    private State Stop(EventStep not, Guard forbidden)
    {
        if (!_stopStates.TryGetValue(not.Name, out var stop))
        {
            stop = NewState(not.Name, StepIndex(not), StateKind.Stop);
            stop.Add(TransitionKind.Take, stop, forbidden);
            _stopStates[not.Name] = stop;
        }
        return stop;
    }

    /// <summary>The <c>not</c>s before a step that still apply while it waits: those reached over optional steps.</summary>
    private IEnumerable<(EventStep Not, Guard Forbidden)> EarlierNots(Place place)
    {
        for (var i = place.Index - 1; i >= 0; i--)
        {
            var step = place.Sequence[i];
            var isNot = step is EventStep { IsNegated: true, Link: not Contiguity.Strict };
            if (!isNot && !step.Quantifier.CanBeSkipped && step is not GroupStep { IsNegated: true })
                yield break;
            if (isNot)
                yield return ((EventStep)step, TakeGuard(place with { Index = i }));
        }
    }

    private void AddStops(Place place, State state)
    {
        foreach (var (not, forbidden) in EarlierNots(place))
            AddToHeads(state, h => h.Add(TransitionKind.Proceed, Stop(not, forbidden), forbidden));
    }

    private void AddStopAfterLoop(Place place, State state)
    {
        if (place.Following is not EventStep { IsNegated: true, Link: not Contiguity.Strict } not)
            return;
        // The `not` after the last step of a group stands in the sequence around the group.
        var forbidden = TakeGuard(new Place([not], 0, place.Scope, null));
        AddToHeads(state, h => h.Add(TransitionKind.Proceed, Stop(not, forbidden), forbidden));
    }

    private State WithoutEarlierNots(Place place, State sink)
    {
        if (!place.Step.Quantifier.CanBeSkipped)
            return sink;
        var names = EarlierNots(place).Select(n => n.Not.Name).ToHashSet(StringComparer.Ordinal);
        return names.Count == 0 ? sink : CopyWithout(names, sink, []);
    }

    /// <param name="copies">What has been copied so far: rounds that take nothing lead back to where they began.</param>
    private State CopyWithout(HashSet<string> nots, State sink, Dictionary<State, State> copies)
    {
        if (copies.TryGetValue(sink, out var known))
            return known;
        var copy = copies[sink] = NewState(sink.Name, sink.Step, sink.Kind);
        if (_choices.Contains(sink))
            _choices.Add(copy);
        foreach (var t in sink.Transitions)
        {
            if (t.Kind != TransitionKind.Proceed)
                copy.Add(t.Kind, t.Target == t.Source ? copy : t.Target, t.Guard);
            else if (t.Target.Kind != StateKind.Stop)
                copy.Add(t.Kind, CopyWithout(nots, t.Target, copies), t.Guard);
            else if (!nots.Contains(_steps[t.Target.Step].Name))
                copy.Add(t.Kind, t.Target, t.Guard);
        }
        return copy;
    }

    // ---- guards

    private Guard TakeGuard(Place place) => place.Step is EventStep step
        ? OutsideUntil(Accepts(step), GroupUntil(place))!
        : OutsideUntil(Guard.True, GroupUntil(place))!;

    /// <summary>Which events may be skipped while the step waits to be entered; null for none.</summary>
    private Guard? IgnoreGuard(Place place)
    {
        var contiguity = !place.IsHeadOfGroup ? place.Step.Link
            : place.Scope.IsFirstRound ? place.Scope.Group!.Link
            : place.Scope.Group!.Quantifier.Inner;
        return OutsideUntil(Skippable(place, contiguity), GroupUntil(place));
    }

    /// <summary>Which events may be skipped between two rounds; null for none.</summary>
    /// <remarks>The first step of a group follows the contiguity between the group's rounds, not its own; Flink's meaning.</remarks>
    private Guard? InnerIgnoreGuard(Place place) =>
        OutsideUntil(Skippable(place, place.IsHeadOfGroup ? place.Scope.Group!.Quantifier.Inner : place.Step.Quantifier.Inner), GroupUntil(place));

    private Guard? Skippable(Place place, Contiguity contiguity) => contiguity switch
    {
        Contiguity.Strict => null,
        Contiguity.Relaxed => (place.Step is EventStep step ? Accepts(step) : Guard.True).Not(),
        Contiguity.NonDeterministicRelaxed => Guard.True,
        _ => throw new InvalidOperationException($"Unknown contiguity: {contiguity}."),
    };

    private Guard? GroupUntil(Place place) => place.Scope.Group?.Quantifier.Until is { } until ? Holds(StreamOf(until), until) : null;

    private Guard? UntilGuard(Place place) => place.Step.Quantifier.Until is not { } until ? null
        : Holds((place.Step as EventStep)?.Stream ?? StreamOf(until), until);

    private static Guard? OutsideUntil(Guard? guard, Guard? until) => guard is null || until is null ? guard : guard.And(until.Not());

    private bool IsHeadOfOptionalGroup(Place place) =>
        place.IsHeadOfGroup && place.Scope.IsFirstRound && place.Scope.Group!.Quantifier.CanBeSkipped;

    private Guard Accepts(EventStep step) => Holds(step.Stream, step.Where);

    private Guard Holds(EventType? stream, Expr? where)
    {
        if (stream is null && (where is null or LiteralExpr { Value: true }))
            return Guard.True;
        var predicate = new Predicate(stream, where);
        var index = _predicates.IndexOf(predicate);
        if (index < 0)
        {
            index = _predicates.Count;
            _predicates.Add(predicate);
        }
        return Guard.Holds(index);
    }

    /// <summary>The stream whose fields an expression reads of the candidate, where it reads any.</summary>
    private static EventType? StreamOf(Expr expr) =>
        expr is FieldExpr field ? field.EventType : expr.Children.Select(StreamOf).FirstOrDefault(s => s is not null);

    // ---- states

    private int StepIndex(EventStep step) => _stepIndex[step.Name];

    private State NewState(EventStep step, StateKind kind, bool waitsForStep)
    {
        var isFirstOfStep = !_made.ContainsKey(step.Name);
        var state = NewState(step.Name, StepIndex(step), kind);
        if (!waitsForStep)
            return state;
        // The window between the rounds of a loop is not put on the state that is made first, that of the last round; Flink's meaning.
        state.GapMs = !step.Quantifier.IsLoop ? step.GapMs : isFirstOfStep ? null : step.Quantifier.GapMs;
        return state;
    }

    private State NewState(string name, int step, StateKind kind)
    {
        var twins = _made.GetValueOrDefault(name);
        _made[name] = twins + 1;
        var state = new State(_states.Count, twins == 0 ? name : $"{name}:{twins}", step, kind);
        _states.Add(state);
        return state;
    }
}
