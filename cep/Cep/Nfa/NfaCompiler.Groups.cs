using Cep.Patterns;

namespace Cep.Nfa;

/// <summary>The part that Flink CEP has no answer for: groups with alternatives, and groups that must not come.</summary>
internal sealed partial class NfaCompiler
{
    /// <summary>States that stand for the heads of several alternatives while the graph is built; they proceed to those and do nothing else.</summary>
    private readonly HashSet<State> _choices = [];

    /// <summary>For a state before which a group must not come, itself and its copies, one for each way in which the group may have begun.</summary>
    private readonly Dictionary<State, IReadOnlyList<State>> _progress = [];

    /// <summary>The states in which a round of an unbounded group ends, each with all of that group; they lead to the next round once that is made.</summary>
    private readonly Dictionary<State, List<State>> _endsOfRounds = [];

    /// <summary>What the next round may take, where a greedy loop withholds events from it.</summary>
    private readonly Dictionary<State, Guard> _withheldAfter = [];

    // ---- alternatives

    /// <param name="group">A group.</param>
    /// <param name="sink">Makes the state that an alternative leads to.</param>
    /// <param name="scope">The round.</param>
    /// <param name="following">The step after the group.</param>
    private State Alternatives(GroupStep group, Func<State> sink, Scope scope, PatternStep? following)
    {
        if (group.OrElse.Count == 0)
            return Sequence(group.Steps, sink(), scope, following);
        var heads = group.Alternatives.Select(a => Sequence(a, sink(), scope, following)).ToArray();
        var choice = NewState("$either$", -1, StateKind.Normal);
        foreach (var head in heads)
            choice.Add(TransitionKind.Proceed, head, Guard.True);
        _choices.Add(choice);
        return choice;
    }

    /// <summary>The head of the next round, as the end of a round leads to it.</summary>
    /// <param name="head">The head of every later round; what withholds events from all of them has done so when the first round was made.</param>
    /// <param name="end">The end of a round.</param>
    /// <param name="isOnlyEnd">Whether every round ends there, whichever alternatives it took.</param>
    private State NextRound(State head, State end, bool isOnlyEnd)
    {
        if (isOnlyEnd || !_withheldAfter.TryGetValue(end, out var allowed))
            return head;
        var copy = Copy(head, keepsWindow: true);
        foreach (var transition in Heads(copy).SelectMany(s => s.Transitions))
            transition.Guard = transition.Guard.And(allowed);
        return copy;
    }

    private IEnumerable<State> Heads(State state) => _choices.Contains(state) ? state.Transitions.SelectMany(t => Heads(t.Target)) : [state];

    private void AddToHeads(State state, Action<State> add)
    {
        foreach (var head in Heads(state).SelectMany(Progress))
            add(head);
    }

    /// <summary>A copy of where a step is waited for; what comes after that is shared.</summary>
    private State Copy(State state, bool keepsWindow)
    {
        var originals = Heads(state).ToArray();
        var copies = originals.Select(h => CopyOf(Progress(h), keepsWindow)).ToArray();
        if (!_choices.Contains(state))
            return copies[0];
        var choice = NewState(state.Name, state.Step, state.Kind);
        foreach (var head in copies)
            choice.Add(TransitionKind.Proceed, head, Guard.True);
        _choices.Add(choice);
        return choice;
    }

    private State CopyOf(IReadOnlyList<State> family, bool keepsWindow)
    {
        var copies = family.ToDictionary(s => s, s => NewState(s.Name, s.Step, s.Kind));
        foreach (var (original, copy) in copies)
        {
            copy.GapMs = keepsWindow ? original.GapMs : null;
            // Flink's meaning: who leaves a greedy loop by its `until` at the end of a round is led nowhere.
            if (keepsWindow && _endsOfRounds.TryGetValue(original, out var ends))
            {
                ends.Add(copy);
                _endsOfRounds[copy] = ends;
            }
            foreach (var t in original.Transitions)
                copy.Add(t.Kind, copies.GetValueOrDefault(t.Target, t.Target), t.Guard);
        }
        if (family.Count > 1)
            _progress[copies[family[0]]] = family.Select(s => copies[s]).ToArray();
        return copies[family[0]];
    }

    /// <summary>Puts the heads of the alternatives in the place of what stands for them, so that a run waits for each of them apart.</summary>
    private void LeadToAlternatives()
    {
        if (_choices.Count == 0)
            return;
        foreach (var state in _states.Except(_choices).Append(_states.Find(s => s.Kind == StateKind.Start)!).Distinct())
            state.Lead(Heads);
    }

    // ---- groups that must not come

    private State NotFollowedBy(GroupStep not, Place place, State sink)
    {
        var group = new NfaCompiler(new Pattern { Steps = [not with { IsNegated = false, Link = Contiguity.Relaxed, GapMs = null }] }, _predicates).Compile();
        var absence = new AbsenceAutomaton(group);
        var first = new Pattern { Steps = [not] }.EventSteps.First();
        if (sink.Kind == StateKind.Final)
        {
            sink = NewState(first, StateKind.Pending, waitsForStep: false);
            sink.GapMs = not.GapMs;
            sink.Add(TransitionKind.Ignore, sink, Guard.True);
            AddStops(place, sink);
        }
        var stop = NewState(first, StateKind.Stop, waitsForStep: false);
        stop.Add(TransitionKind.Take, stop, Guard.True);
        if (!_choices.Contains(sink))
            return WhileAbsent(absence, sink, stop);
        var choice = NewState(sink.Name, sink.Step, sink.Kind);
        foreach (var head in Heads(sink))
            choice.Add(TransitionKind.Proceed, WhileAbsent(absence, head, stop), Guard.True);
        _choices.Add(choice);
        return choice;
    }

    /// <summary>A state multiplied with how far the group has come: who waits there while the group completes is dropped.</summary>
    private State WhileAbsent(AbsenceAutomaton absence, State waiting, State stop)
    {
        var family = Progress(waiting);
        var copies = new Dictionary<(State, int), State>();
        var toDo = new Queue<(State Original, int At)>();
        State Of(State original, int at)
        {
            if (copies.TryGetValue((original, at), out var known))
                return known;
            var made = copies[(original, at)] = NewState(original.Name, original.Step, original.Kind);
            made.GapMs = original.GapMs;
            toDo.Enqueue((original, at));
            return made;
        }

        var first = Of(waiting, 0);
        while (toDo.TryDequeue(out var place))
        {
            var copy = copies[place];
            foreach (var t in place.Original.Transitions)
            {
                if (t.Kind != TransitionKind.Ignore || !family.Contains(t.Target))
                    copy.Add(t.Kind, t.Target, t.Guard);
                else
                    foreach (var (next, when) in absence.Moves(place.At))
                        copy.Add(t.Kind, Of(t.Target, next), t.Guard.And(when));
            }
            if (absence.Completes(place.At) is { } completes)
                copy.Add(TransitionKind.Proceed, stop, completes);
        }
        _progress[first] = [first, .. copies.Values.Where(s => s != first)];
        return first;
    }

    private IReadOnlyList<State> Progress(State state) => _progress.GetValueOrDefault(state) ?? [state];
}
