using Cep.Conditions;
using Cep.Events;
using Cep.Nfa;

namespace Cep.Explain;

/// <summary>Writes the guards of an automaton as rule text, without what cannot matter.</summary>
/// <param name="predicates">What the guards ask about.</param>
/// <param name="onlyStream">The stream of every event the automaton sees; null where there are several.</param>
internal sealed class GuardText(IReadOnlyList<Predicate> predicates, EventType? onlyStream)
{
    private const int PredicateCharsMax = 48;

    /// <summary>The parts of the guard, all of which must hold: none for a guard that always holds, null for one that never does.</summary>
    public IReadOnlyList<string>? Of(Guard guard)
    {
        var parts = Conjuncts(guard).Distinct().Where(p => !IsAlways(p)).ToList();
        if (parts.Exists(IsNever) || parts.Exists(p => parts.Contains(p.Not())))
            return null;
        var stream = parts.OfType<Guard.Atom>().Select(StreamOf).FirstOrDefault(s => s is not null);
        if (stream is not null && parts.OfType<Guard.Atom>().Any(a => StreamOf(a) is { } other && other != stream))
            return null;
        // An event of one stream fails every condition on another stream, so that need not be said.
        parts.RemoveAll(p => stream is not null && p is Guard.Negation { Operand: Guard.Atom atom } && StreamOf(atom) is { } other && other != stream);
        return parts.ConvertAll(p => Part(p, isAlone: parts.Count == 1));
    }

    private static IEnumerable<Guard> Conjuncts(Guard guard) => guard is Guard.Both both ? Conjuncts(both.Left).Concat(Conjuncts(both.Right)) : [guard];

    private bool IsAlways(Guard guard) => guard switch
    {
        Guard.Always => true,
        Guard.Atom { Index: var i } => predicates[i].Where is null && (predicates[i].Stream is null || predicates[i].Stream == onlyStream),
        Guard.Negation n => IsNever(n.Operand),
        Guard.Both b => IsAlways(b.Left) && IsAlways(b.Right),
        _ => throw new InvalidOperationException($"Unknown kind of guard: {guard.GetType().Name}."),
    };

    private bool IsNever(Guard guard) => guard switch
    {
        Guard.Negation n => IsAlways(n.Operand),
        Guard.Both b => Of(b) is null,
        _ => false,
    };

    private EventType? StreamOf(Guard.Atom atom) => predicates[atom.Index].Stream;

    private string Part(Guard part, bool isAlone) => part switch
    {
        Guard.Atom { Index: var i } => BindsLoosely(predicates[i]) && !isAlone ? $"({Text(predicates[i])})" : Text(predicates[i]),
        Guard.Negation { Operand: Guard.Atom { Index: var i } } => IsCompound(predicates[i]) ? $"not ({Text(predicates[i])})" : "not " + Text(predicates[i]),
        Guard.Negation { Operand: var operand } => $"not ({string.Join(" and ", Of(operand)!)})",
        _ => throw new InvalidOperationException($"A {part.GetType().Name} is no part of a guard."),
    };

    private static bool BindsLoosely(Predicate predicate) => predicate.Where is BinaryExpr { Operator: BinaryOperator.Or } or ConditionalExpr;

    private bool IsCompound(Predicate predicate) => BindsLoosely(predicate)
        || predicate.Where is BinaryExpr { Operator: BinaryOperator.And }
        || (predicate.Where is not null && SaysStream(predicate));

    private bool SaysStream(Predicate predicate) => predicate.Stream is { } stream && stream != onlyStream;

    private string Text(Predicate predicate)
    {
        var where = predicate.Where is { } expr ? Abbreviated(expr.ToString()) : null;
        if (!SaysStream(predicate))
            return where ?? "any event";
        return where is null ? predicate.Stream!.Name : $"{predicate.Stream!.Name} where {where}";
    }

    /// <summary>The text, cut between two words where it is long.</summary>
    private static string Abbreviated(string text)
    {
        if (text.Length <= PredicateCharsMax)
            return text;
        var end = text.LastIndexOf(' ', PredicateCharsMax - 2);
        return text[..(end > PredicateCharsMax / 2 ? end : PredicateCharsMax - 2)] + " …";
    }
}
