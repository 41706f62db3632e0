using Cep.Conditions;
using Cep.Evaluation;
using Cep.Events;

namespace Cep.Streaming;

/// <summary>What one rule has done so far.</summary>
/// <remarks>Counted by one thread. Other threads may read while it counts: each number is right on its own, not all of one moment.</remarks>
public sealed class RuleCounts
{
    private long _filters;
    private long _unknownFilters;

    /// <summary>Pre-filters and measures that failed in arithmetic.</summary>
    private long _otherErrors;
    private long _conditions;
    private long _unknownConditions;
    private long _conditionErrors;

    /// <summary>What was counted before the evaluator at hand began.</summary>
    private RuleCounts? _before;

    /// <summary>Events offered to the pattern: of its streams, past its pre-filters.</summary>
    public long Events { get; internal set; }

    /// <summary>Matches found, also those that are not told. Of a rule that was quarantined, those up to its failure where they are written; else also what was found before all subtasks knew.</summary>
    public long Matches { get; internal set; }

    /// <summary>Partial matches that ran out of time; of a rule that was quarantined as <see cref="Matches"/>.</summary>
    public long Timeouts { get; internal set; }

    /// <summary>Alerts that were not told because of <see cref="Rules.Rule.Suppression"/>: matches or timeouts that are counted as such.</summary>
    public long Suppressed { get; internal set; }

    /// <summary>Alerts that were not told because of <see cref="Rules.Rule.Limit"/>: matches or timeouts that are counted as such.</summary>
    public long Limited { get; internal set; }

    /// <summary>Partial matches that are alive.</summary>
    public long PartialMatches { get; internal set; }

    /// <summary>Partial matches that were dropped because their key had more than the rule allows.</summary>
    public long DroppedPartials { get; private set; }

    /// <summary>Partial matches that an event of <see cref="Rules.Rule.Unless"/> dropped.</summary>
    public long CancelledPartials { get; private set; }

    /// <summary>How often a condition or pre-filter was evaluated. A condition is evaluated once an event for all partial matches where the event alone decides it.</summary>
    public long ConditionEvaluations => _conditions + _filters;

    /// <summary>How often a condition was null because something it needs is missing; it then does not hold.</summary>
    public long Unknown => _unknownConditions + _unknownFilters;

    /// <summary>How often a condition or measure failed in arithmetic, by an overflow or a division by zero.</summary>
    public long Errors => _conditionErrors + _otherErrors;

    /// <summary>Events past the pre-filter whose key has a null field: they cannot be matched.</summary>
    public long WithoutKey { get; internal set; }

    /// <summary>Counts a pre-filter that was asked.</summary>
    internal void CountFilter(Truth truth)
    {
        _filters++;
        if (truth == Truth.Unknown)
            _unknownFilters++;
    }

    /// <summary>Counts a pre-filter or measure that failed in arithmetic.</summary>
    internal void CountFailure() => _otherErrors++;

    /// <summary>Takes over what an evaluator has counted.</summary>
    internal void Set(RunEvaluator evaluator)
    {
        _conditions = evaluator.ConditionEvaluations + (_before?._conditions ?? 0);
        _unknownConditions = evaluator.UnknownConditions + (_before?._unknownConditions ?? 0);
        _conditionErrors = evaluator.ConditionErrors + (_before?._conditionErrors ?? 0);
        PartialMatches = evaluator.PartialMatches;
        DroppedPartials = evaluator.DroppedPartials + (_before?.DroppedPartials ?? 0);
        CancelledPartials = evaluator.CancelledPartials + (_before?.CancelledPartials ?? 0);
    }

    /// <summary>Goes on from what was counted before a restart.</summary>
    internal void GoOnFrom(RuleCounts before)
    {
        Add(before);
        _before ??= new RuleCounts();
        _before.Add(before);
    }

    internal void Write(EventBinaryOutput output)
    {
        foreach (var count in (ReadOnlySpan<long>)[Events, Matches, Timeouts, DroppedPartials, _conditions, _unknownConditions, _conditionErrors, WithoutKey, _filters, _unknownFilters, _otherErrors, CancelledPartials])
            output.Long(count);
    }

    internal static RuleCounts Read(EventBinaryInput input) => new()
    {
        Events = input.Long(),
        Matches = input.Long(),
        Timeouts = input.Long(),
        DroppedPartials = input.Long(),
        _conditions = input.Long(),
        _unknownConditions = input.Long(),
        _conditionErrors = input.Long(),
        WithoutKey = input.Long(),
        _filters = input.Long(),
        _unknownFilters = input.Long(),
        _otherErrors = input.Long(),
        // What was written before there was `unless` ends here.
        CancelledPartials = input.Left > 0 ? input.Long() : 0,
    };

    internal void Add(RuleCounts other)
    {
        Events += other.Events;
        Matches += other.Matches;
        Timeouts += other.Timeouts;
        PartialMatches += other.PartialMatches;
        DroppedPartials += other.DroppedPartials;
        _conditions += other._conditions;
        _unknownConditions += other._unknownConditions;
        _conditionErrors += other._conditionErrors;
        _filters += other._filters;
        _unknownFilters += other._unknownFilters;
        _otherErrors += other._otherErrors;
        WithoutKey += other.WithoutKey;
        CancelledPartials += other.CancelledPartials;
    }
}
