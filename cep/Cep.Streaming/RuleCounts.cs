using Cep.Evaluation;

namespace Cep.Streaming;

/// <summary>What one rule has done so far.</summary>
/// <remarks>Counted by one thread. Other threads may read while it counts: each number is right on its own, not all of one moment.</remarks>
public sealed class RuleCounts
{
    private long _unknownConditions;
    private long _conditionErrors;

    /// <summary>Events offered to the pattern: of its streams, past its pre-filters.</summary>
    public long Events { get; internal set; }

    /// <summary>Matches emitted.</summary>
    public long Matches { get; internal set; }

    /// <summary>Partial matches that ran out of time.</summary>
    public long Timeouts { get; internal set; }

    /// <summary>Partial matches that are alive.</summary>
    public long PartialMatches { get; internal set; }

    /// <summary>How often a condition was null because something it needs is missing; it then does not hold.</summary>
    public long Unknown => _unknownConditions + UnknownFilters;

    /// <summary>How often a condition or measure failed in arithmetic, by an overflow or a division by zero.</summary>
    public long Errors => _conditionErrors + OtherErrors;

    /// <summary>Events past the pre-filter whose key has a null field: they cannot be matched.</summary>
    public long WithoutKey { get; internal set; }

    /// <summary>Pre-filters that were null.</summary>
    internal long UnknownFilters { get; set; }

    /// <summary>Pre-filters and measures that failed.</summary>
    internal long OtherErrors { get; set; }

    /// <summary>Takes over what an evaluator has counted.</summary>
    internal void Set(RunEvaluator evaluator)
    {
        _unknownConditions = evaluator.UnknownConditions;
        _conditionErrors = evaluator.ConditionErrors;
        PartialMatches = evaluator.PartialMatches;
    }

    internal void Add(RuleCounts other)
    {
        Events += other.Events;
        Matches += other.Matches;
        Timeouts += other.Timeouts;
        PartialMatches += other.PartialMatches;
        UnknownFilters += other.Unknown;
        OtherErrors += other.Errors;
        WithoutKey += other.WithoutKey;
    }
}
