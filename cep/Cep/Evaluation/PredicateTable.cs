using Cep.Conditions;

namespace Cep.Evaluation;

/// <summary>What the predicates of a rule say of the event and run at hand: each part is evaluated at most once for either.</summary>
internal sealed class PredicateTable(CompiledPattern pattern)
{
    private readonly PredicateCode[] _codes = pattern.Predicates;
    private readonly Registers _empty = pattern.Registers.Empty;

    private object _candidate = null!;
    private long _timeMs;
    private Registers _registers = pattern.Registers.Empty;

    // Bit i is predicate i: known at all; known to hold; to be asked of each run.
    private ulong _known;
    private ulong _holds;
    private ulong _perRun;

    /// <summary>How often a condition was null: something it needs was missing.</summary>
    public long Unknown { get; private set; }

    /// <summary>How often a condition failed in arithmetic: an overflow, or a division by zero.</summary>
    public long Errors { get; private set; }

    /// <summary>Begins with an event, before any run.</summary>
    public void Offer(object candidate, long timeMs)
    {
        _candidate = candidate;
        _timeMs = timeMs;
        _registers = _empty;
        _known = _holds = _perRun = 0;
    }

    /// <summary>Goes on with a run; what the event alone decides is kept.</summary>
    public void Ask(Registers registers)
    {
        _registers = registers;
        _known &= ~_perRun;
        _holds &= _known;
    }

    /// <summary>Whether the predicate holds for the event and the run at hand.</summary>
    public bool Holds(int predicate)
    {
        var bit = 1UL << predicate;
        if (!IsDecided(predicate, bit))
        {
            _known |= bit;
            if (Evaluate(_codes[predicate].OfRun!, _registers))
                _holds |= bit;
        }
        return (_holds & bit) != 0;
    }

    /// <summary>Whether the predicate is decided by the event alone, and if so whether it holds.</summary>
    public bool IsOfEvent(int predicate, out bool holds)
    {
        var bit = 1UL << predicate;
        _ = IsDecided(predicate, bit);
        holds = (_holds & bit) != 0;
        return (_perRun & bit) == 0;
    }

    /// <summary>Evaluates what the event alone decides; the rest is left to be asked of each run.</summary>
    private bool IsDecided(int predicate, ulong bit)
    {
        if (((_known | _perRun) & bit) == 0)
        {
            var code = _codes[predicate];
            var passes = code.OfEvent is null || Evaluate(code.OfEvent, _empty);
            if (passes && code.OfRun is not null)
            {
                _perRun |= bit;
                return false;
            }
            _known |= bit;
            if (passes)
                _holds |= bit;
        }
        return (_known & bit) != 0;
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
}
