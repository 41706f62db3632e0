using Cep.Language.Syntax;
using Cep.Rules;

namespace Cep.Language.Binding;

/// <summary>Where an expression stands, which decides what it may read.</summary>
internal enum Place
{
    /// <summary>The filter of an input: the candidate only.</summary>
    Filter,

    /// <summary>The condition of a step, or its <c>until</c>: the candidate and what was taken before.</summary>
    Step,

    /// <summary>A measure of <c>emit</c>: the events of the match, no candidate.</summary>
    Measure,

    /// <summary>A condition on the alerts of a rule, in a test: what the alert tells is the candidate.</summary>
    Alert,
}

/// <summary>What the names of an expression mean.</summary>
internal sealed record Scope
{
    public required Place Place { get; init; }

    /// <summary>The stream of the candidate; null in a measure, or where it is not known, which has been reported.</summary>
    public StreamSymbol? Candidate { get; init; }

    /// <summary>The step whose condition this is; null elsewhere.</summary>
    public StepSymbol? Step { get; init; }

    /// <summary>All steps of the pattern by name.</summary>
    public IReadOnlyDictionary<string, StepSymbol> Steps { get; init; } = new Dictionary<string, StepSymbol>();

    /// <summary>The streams of the set by name, for help with names that mean one.</summary>
    public required IReadOnlyDictionary<string, StreamSymbol> Streams { get; init; }

    /// <summary>How a sentence begins that says what a condition at <see cref="Place.Filter"/> may read.</summary>
    public string FilterReads { get; init; } = "The filter of an input runs before the pattern and reads";

    /// <summary>The lists of the set.</summary>
    public ListTable Lists { get; init; } = new();

    /// <summary>The rule whose alerts a condition at <see cref="Place.Alert"/> reads; null elsewhere.</summary>
    public Rule? AlertsOf { get; init; }

    /// <summary>The clause in which a measure, or a condition over the match, stands.</summary>
    public string Clause { get; init; } = "emit";

    /// <summary>Whether the match has a deadline: a bound from its first event on.</summary>
    public bool HasDeadline { get; init; }

    /// <summary>Whether the rule has a key.</summary>
    public bool HasKey { get; init; }
}
