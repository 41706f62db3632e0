using System.Text;
using Cep.Events;
using Cep.Nfa;

namespace Cep.Explain;

/// <summary>An automaton as a Mermaid flowchart.</summary>
/// <remarks>
/// Shapes: start a stadium, normal a box, pending a hexagon, stop a trapezoid, final a double circle. Arrows: take solid, ignore dotted, proceed
/// thick. The deadline of a final absence is drawn too, though no event moves a run there. States that cannot be reached and transitions that can never be used are left out, as is the loop of a stop state on itself: a run
/// that gets there is gone.
/// </remarks>
internal sealed class NfaDiagram
{
    /// <summary>The most transitions that Mermaid draws unless it is told otherwise.</summary>
    public const int EdgesMax = 500;

    private const string Plain = " .,:=!_+-%/()'";

    private readonly Nfa.Nfa _nfa;
    private readonly GuardText _guards;
    private readonly List<State> _states = [];
    private readonly List<Edge> _edges = [];
    private readonly Dictionary<State, string> _labels = [];

    private readonly record struct Edge(State Source, State Target, string Arrow, string Label);

    /// <param name="nfa">The automaton.</param>
    /// <param name="onlyStream">The stream of every event it sees, so that guards need not say it; null where there are several.</param>
    public NfaDiagram(Nfa.Nfa nfa, EventType? onlyStream)
    {
        _nfa = nfa;
        _guards = new GuardText(nfa.Predicates, onlyStream);
        Walk();
        Name();
    }

    /// <summary>How many states can be reached.</summary>
    public int StateCount => _states.Count;

    /// <summary>The flowchart, lines ending in a line feed; null where it has more than <see cref="EdgesMax"/> transitions.</summary>
    public string? Mermaid()
    {
        if (_edges.Count > EdgesMax)
            return null;
        var text = new StringBuilder("flowchart LR\n");
        var ids = _states.Select((s, i) => (s, i)).ToDictionary(p => p.s, p => "s" + p.i);
        foreach (var state in _states)
            text.Append($"    {ids[state]}{Shape(state)}\n");
        foreach (var edge in _edges)
            text.Append($"    {ids[edge.Source]} {edge.Arrow}|{Quoted(edge.Label)}| {ids[edge.Target]}\n");
        return text.ToString();
    }

    private void Walk()
    {
        var seen = new HashSet<State> { _nfa.Start };
        var toVisit = new Queue<State>(seen);
        while (toVisit.TryDequeue(out var state))
        {
            _states.Add(state);
            foreach (var edge in EdgesOf(state))
            {
                _edges.Add(edge);
                if (seen.Add(edge.Target))
                    toVisit.Enqueue(edge.Target);
            }
        }
    }

    private IEnumerable<Edge> EdgesOf(State state)
    {
        if (state.Kind == StateKind.Stop)
            yield break;
        foreach (var transition in state.Transitions)
        {
            if (_guards.Of(transition.Guard) is not { } guard)
                continue;
            var when = IsElse(transition) ? "otherwise" : string.Join("\nand ", guard);
            var kind = transition.Kind.ToString().ToLowerInvariant();
            yield return new Edge(state, transition.Target, Arrow(transition.Kind), when.Length == 0 ? kind : $"{kind}: {when}");
        }
        if (state.Kind == StateKind.Pending)
            yield return new Edge(state, _nfa.States.First(s => s.Kind == StateKind.Final), "==>", "when the deadline passes");
    }

    /// <summary>Whether an event is ignored exactly when it is not taken: also when the condition is unknown, which "not" would not say.</summary>
    private static bool IsElse(Transition transition) => transition.Kind == TransitionKind.Ignore
        && transition.Source.Transitions.Any(t => t.Kind == TransitionKind.Take && t.Guard.Not() == transition.Guard);

    /// <summary>States of one step are counted in the order in which a run comes to them.</summary>
    private void Name()
    {
        var counts = new Dictionary<int, int>();
        foreach (var state in _states.Where(s => s.Kind is StateKind.Start or StateKind.Normal))
        {
            var count = counts[state.Step] = counts.GetValueOrDefault(state.Step) + 1;
            var name = state.Step < 0 ? "next round" : IsNot(state) ? $"not {_nfa.Steps[state.Step].Name}" : _nfa.Steps[state.Step].Name;
            _labels[state] = count == 1 ? name : $"{name} {count}";
        }
    }

    private bool IsNot(State state) => _nfa.Steps[state.Step].IsNegated;

    /// <summary>What must be absent: a step, or a group, which is named by its first step.</summary>
    private string Absent(State state) => IsNot(state) ? _nfa.Steps[state.Step].Name : $"group of {_nfa.Steps[state.Step].Name}";

    private string Shape(State state) => state.Kind switch
    {
        StateKind.Start => $"([{Quoted(_labels[state])}])",
        StateKind.Normal => $"[{Quoted(_labels[state])}]",
        StateKind.Pending => $"{{{{{Quoted($"no {Absent(state)} until the deadline")}}}}}",
        StateKind.Stop => $"[/{Quoted($"{Absent(state)} came: dropped")}\\]",
        StateKind.Final => $"((({Quoted("match")})))",
        _ => throw new InvalidOperationException($"Unknown kind of state: {state.Kind}."),
    };

    private static string Arrow(TransitionKind kind) => kind switch
    {
        TransitionKind.Take => "-->",
        TransitionKind.Ignore => "-.->",
        TransitionKind.Proceed => "==>",
        _ => throw new InvalidOperationException($"Unknown kind of transition: {kind}."),
    };

    /// <summary>A label that Mermaid takes as plain text: what would be markup is written as entity codes.</summary>
    private static string Quoted(string label)
    {
        var text = new StringBuilder("\"");
        foreach (var c in label)
        {
            text.Append(c switch
            {
                '\n' => "<br/>",
                '<' => "#lt;",
                '>' => "#gt;",
                '"' => "#quot;",
                _ when char.IsAsciiLetterOrDigit(c) || c > '\u009f' || Plain.Contains(c) => c.ToString(),
                _ => $"#{(int)c};",
            });
        }
        return text.Append('"').ToString();
    }
}
