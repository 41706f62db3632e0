using System.Runtime.CompilerServices;
using Cep.Evaluation;
using Cep.Explain;

namespace Cep.Streaming.Matches;

/// <summary>Tells why the matches of a pattern set, and of those that take its place in a job, are matches. Used by one thread at a time; costs nothing until it is asked.</summary>
public sealed class MatchExplainer
{
    private readonly PatternSet _patterns;
    private readonly ConditionalWeakTable<CompiledPattern, StepExplainer> _explainers = [];

    /// <summary>Explains what rules of this set tell, and of sets that take its place.</summary>
    public MatchExplainer(PatternSet patterns) => _patterns = patterns;

    /// <summary>The events of a match or timeout, first to last, each with its step and the values of the step's condition.</summary>
    /// <exception cref="InvalidOperationException">The match was not found by a job, and is of a rule that is not in the set.</exception>
    public IReadOnlyList<ExplainedEvent> Explain(Match match)
    {
        var pattern = match.Pattern ?? _patterns.Compiled.First(c => ReferenceEquals(c.Rule, match.Rule)).Pattern;
        return _explainers.GetValue(pattern, p => new StepExplainer(p)).Explain(match.Taken);
    }
}
