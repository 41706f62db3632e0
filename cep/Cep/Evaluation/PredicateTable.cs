using System.Numerics;
using Cep.Conditions;
using Cep.Matching;

namespace Cep.Evaluation;

/// <summary>What the predicates of a rule say of the event and run at hand, as bits: bit i is predicate i.</summary>
/// <remarks>What the event alone decides is evaluated at most once an event, and only where a run waits that asks for it.</remarks>
internal sealed class PredicateTable(CompiledPattern pattern)
{
    private readonly PredicateCode[] _codes = pattern.Predicates;
    private readonly Registers _empty = pattern.Registers.Empty;

    /// <summary>The predicates of which the event does not decide all.</summary>
    private readonly ulong _withRun = pattern.AskedOfRuns;

    private ulong _asked;

    /// <summary>The event at hand.</summary>
    public object Candidate { get; private set; } = null!;

    /// <summary>Its event time.</summary>
    public long TimeMs { get; private set; }

    /// <summary>Of the predicates asked so far, those that hold whatever the run.</summary>
    public ulong OfEvent { get; private set; }

    /// <summary>Of the predicates asked so far, those that must be asked of each run.</summary>
    public ulong OfRun { get; private set; }

    /// <summary>How often a condition was evaluated; of one in two parts, each part.</summary>
    public long Evaluations { get; private set; }

    /// <summary>How often a condition was null: something it needs was missing.</summary>
    public long Unknown { get; private set; }

    /// <summary>How often a condition failed in arithmetic: an overflow, or a division by zero.</summary>
    public long Errors { get; private set; }

    /// <summary>Begins with an event.</summary>
    /// <param name="candidate">The event.</param>
    /// <param name="timeMs">Its event time.</param>
    /// <param name="asked">The predicates of which it is known what the event says, see <see cref="TryScreen"/>.</param>
    /// <param name="truths">Those of them that hold; other bits mean nothing.</param>
    public void Begin(object candidate, long timeMs, ulong asked, ulong truths)
    {
        Candidate = candidate;
        TimeMs = timeMs;
        _asked = asked;
        OfEvent = truths & asked & ~_withRun;
        OfRun = truths & asked & _withRun;
    }

    /// <summary>Asks what the event alone says of some predicates.</summary>
    public void Ask(ulong predicates)
    {
        var open = predicates & ~_asked;
        _asked |= open;
        for (; open != 0; open &= open - 1)
        {
            var predicate = BitOperations.TrailingZeroCount(open);
            var code = _codes[predicate];
            if (code.OfEvent is not null && !Evaluate(predicate, code.OfEvent, _empty))
                continue;
            if (code.OfRun is null)
                OfEvent |= 1UL << predicate;
            else
                OfRun |= 1UL << predicate;
        }
    }

    /// <summary>Asks at once what an event alone says of some predicates, before it is begun with.</summary>
    /// <param name="code">Their code.</param>
    /// <param name="predicates">Their bits.</param>
    /// <param name="candidate">The event.</param>
    /// <param name="timeMs">Its event time.</param>
    /// <param name="truths">Those that hold.</param>
    /// <returns>False where one throws: then none counts as asked.</returns>
    public bool TryScreen(ScreenCode code, ulong predicates, object candidate, long timeMs, out ulong truths)
    {
        ulong unknown = 0;
        try
        {
            truths = code(candidate, timeMs, ref unknown);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            truths = 0;
            return false;
        }
        Evaluations += BitOperations.PopCount(predicates);
        if (unknown != 0)
            Unknown += BitOperations.PopCount(unknown);
        return true;
    }

    /// <summary>Which of some predicates hold for the event and a run; other bits mean nothing.</summary>
    public ulong Ask(ulong predicates, Registers registers)
    {
        Ask(predicates);
        var truths = OfEvent;
        for (var open = predicates & OfRun; open != 0; open &= open - 1)
        {
            var predicate = BitOperations.TrailingZeroCount(open);
            if (Evaluate(predicate, _codes[predicate].OfRun!, registers))
                truths |= 1UL << predicate;
        }
        return truths;
    }

    /// <exception cref="PatternEvaluationException">The condition threw.</exception>
    private bool Evaluate(int predicate, ConditionCode code, Registers registers)
    {
        Evaluations++;
        try
        {
            var truth = code(Candidate, TimeMs, registers);
            if (truth == Truth.Unknown)
                Unknown++;
            return truth == Truth.True;
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException)
        {
            Errors++;
            return false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw Failure(predicate, e);
        }
    }

    private PatternEvaluationException Failure(int predicate, Exception e)
    {
        var (what, step) = ConditionName.Of(pattern.Nfa, predicate);
        return new($"{what} threw {e.GetType().Name}: {e.Message}", step, Candidate, TimeMs, e);
    }
}
