using Cep.Conditions;
using Cep.Nfa;
using Cep.Patterns;

namespace Cep.Evaluation;

/// <summary>A pattern ready to run: its automaton, the code of its conditions, and the registers they read.</summary>
/// <remarks>Immutable; compiled once and shared by the evaluators of all subtasks.</remarks>
internal sealed class CompiledPattern
{
    private ScreenCode? _screen;

    private CompiledPattern(Nfa.Nfa nfa)
    {
        Nfa = nfa;
        Registers = RegisterLayout.For(nfa.Predicates.Select(p => p.Where).OfType<Expr>());
        Updates = nfa.Steps.Select(s => Registers.UpdateOf(s.Name)).ToArray();
        Predicates = nfa.Predicates.Select(p => PredicateCode.Compile(p, Registers)).ToArray();
        AskedOfRuns = Predicates.Index().Where(p => p.Item.OfRun is not null).Aggregate(0UL, (bits, p) => bits | (1UL << p.Index));
        HasGaps = nfa.States.Any(s => s.GapMs is not null);
        ExpiresInOrder = !HasGaps && nfa.Pattern.Skip.Kind == SkipKind.None;
        CanDivide = HasTwoWaysPast(nfa.Pattern.Steps);
    }

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="ArgumentException"><see cref="PatternRules.Check"/> finds something wrong.</exception>
    public static CompiledPattern Of(Pattern pattern) => new(NfaCompiler.Compile(pattern));

    public Nfa.Nfa Nfa { get; }

    public RegisterLayout Registers { get; }

    /// <summary>For each step, what its event does to the registers; null where nothing reads the step.</summary>
    public Action<object, Registers>?[] Updates { get; }

    /// <summary>The code of <see cref="Nfa.Nfa.Predicates"/>, in their order.</summary>
    public PredicateCode[] Predicates { get; }

    /// <summary>The predicates of which the event alone does not decide all, as bits.</summary>
    public ulong AskedOfRuns { get; }

    /// <summary>The event's part of the predicates that its <see cref="EventScreen"/> asks, in one piece; compiled when first asked for.</summary>
    /// <param name="predicates">Their bits; always the same for one pattern.</param>
    public ScreenCode ScreenOf(ulong predicates) => LazyInitializer.EnsureInitialized(ref _screen, () => ExpressionCompiler.Screen(
        Enumerable.Range(0, Predicates.Length).Where(i => (predicates & (1UL << i)) != 0).Select(i => (i, Nfa.Predicates[i].Stream, Predicates[i].Gate)).ToList()));

    /// <summary>Whether a state has a deadline of its own, beside that of the whole pattern.</summary>
    public bool HasGaps { get; }

    /// <summary>Whether runs expire in the order in which they began, and the order in which they lie shows in no match.</summary>
    public bool ExpiresInOrder { get; }

    /// <summary>Whether the same events can be divided among the pattern's steps in several ways: then equal runs must be looked for.</summary>
    public bool CanDivide { get; }

    /// <summary>
    /// A run that lets an event go by at the head of a group's later round can still leave the group, and so meets the run that has left it; likewise at the
    /// head of a group that heads an optional one. A step that may be left out at the head of an optional group is left out with the group, and past a greedy loop
    /// that <c>until</c> ends by another way. Of several alternatives, each may be left by the same events.
    /// </summary>
    private static bool HasTwoWaysPast(IEnumerable<PatternStep> steps) => steps.OfType<GroupStep>().Any(g =>
        g.Quantifier.IsLoop || g.OrElse.Count > 0 || (g.Quantifier.CanBeSkipped && (g.Steps[0] is GroupStep || g.Steps[0].Quantifier.CanBeSkipped)) || HasTwoWaysPast(g.Steps));
}
