using Cep.Conditions;
using Cep.Nfa;

namespace Cep.Evaluation;

/// <summary>The compiled predicates of a rule, and what they say of the event and run at hand: each is evaluated at most once for either.</summary>
internal sealed class PredicateTable
{
    private readonly ConditionCode[] _codes;

    /// <summary>The part of a correlated predicate that the event alone decides; where it fails no run needs to be asked. Null where there is none.</summary>
    private readonly ConditionCode?[] _gates;
    private readonly ulong _correlated;
    private readonly RegisterLayout _layout;

    private object _candidate = null!;
    private long _timeMs;
    private Registers _registers;
    private ulong _known;
    private ulong _true;
    private ulong _perRun;

    public PredicateTable(Nfa.Nfa nfa, RegisterLayout layout)
    {
        _layout = layout;
        _registers = layout.Empty;
        _codes = new ConditionCode[nfa.Predicates.Count];
        _gates = new ConditionCode?[nfa.Predicates.Count];
        for (var i = 0; i < _codes.Length; i++)
        {
            var predicate = nfa.Predicates[i];
            if (predicate.IsLocal)
            {
                _codes[i] = ExpressionCompiler.Condition(predicate.Stream, predicate.Where, layout);
                continue;
            }
            _correlated |= 1UL << i;
            var conjuncts = Conjuncts(predicate.Where!).ToLookup(c => c.IsLocal);
            if (predicate.Stream is not null || conjuncts[true].Any())
                _gates[i] = ExpressionCompiler.Condition(predicate.Stream, All(conjuncts[true]), layout);
            _codes[i] = ExpressionCompiler.Condition(null, All(conjuncts[false]), layout);
        }
    }

    /// <summary>How often a condition was null: something it needs was missing.</summary>
    public long Unknown { get; private set; }

    /// <summary>How often a condition failed in arithmetic: an overflow, or a division by zero.</summary>
    public long Errors { get; private set; }

    /// <summary>Begins with an event, before any run.</summary>
    public void Offer(object candidate, long timeMs)
    {
        _candidate = candidate;
        _timeMs = timeMs;
        _registers = _layout.Empty;
        _known = _true = _perRun = 0;
    }

    /// <summary>Goes on with a run; what the event alone decides is kept.</summary>
    public void Ask(Registers registers)
    {
        _registers = registers;
        _known &= ~_perRun;
        _true &= _known;
    }

    /// <summary>Whether the predicate holds for the event and the run at hand.</summary>
    public bool Holds(int predicate)
    {
        var bit = 1UL << predicate;
        if ((_known & bit) == 0)
            Decide(predicate, bit);
        return (_true & bit) != 0;
    }

    /// <summary>Whether the predicate is decided by the event alone, and if so whether it holds.</summary>
    public bool IsLocal(int predicate, out bool holds)
    {
        var bit = 1UL << predicate;
        if ((_correlated & bit) != 0 && (_perRun & bit) == 0 && (_known & bit) == 0)
            Gate(predicate, bit);
        if ((_perRun & bit) != 0)
        {
            holds = false;
            return false;
        }
        holds = Holds(predicate);
        return true;
    }

    /// <summary>Asks of a correlated predicate what the event alone decides: it is false, or every run must be asked.</summary>
    private void Gate(int predicate, ulong bit)
    {
        if (_gates[predicate] is { } gate && !Evaluate(gate, _layout.Empty))
            _known |= bit;
        else
            _perRun |= bit;
    }

    private void Decide(int predicate, ulong bit)
    {
        if ((_correlated & bit) != 0 && (_perRun & bit) == 0)
        {
            Gate(predicate, bit);
            if ((_known & bit) != 0)
                return;
        }
        _known |= bit;
        if (Evaluate(_codes[predicate], _registers))
            _true |= bit;
    }

    private bool Evaluate(ConditionCode code, Registers registers)
    {
        try
        {
            var truth = code(_candidate, _timeMs, registers);
            if (truth == Truth.Unknown)
                Unknown++;
            return truth == Truth.True;
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException)
        {
            Errors++;
            return false;
        }
    }

    private static IEnumerable<Expr> Conjuncts(Expr e) =>
        e is BinaryExpr { Operator: BinaryOperator.And } and ? Conjuncts(and.Left).Concat(Conjuncts(and.Right)) : [e];

    private static Expr? All(IEnumerable<Expr> conditions) => conditions.Aggregate((Expr?)null, ExprFactory.And);
}
