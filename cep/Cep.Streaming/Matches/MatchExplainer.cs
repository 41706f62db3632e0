using Cep.Explain;

namespace Cep.Streaming.Matches;

/// <summary>Tells why the matches of a pattern set are matches. Used by one thread at a time; costs nothing until it is asked.</summary>
public sealed class MatchExplainer
{
    private readonly PatternSet _patterns;
    private readonly StepExplainer?[] _byRule;

    /// <summary>Explains what rules of this set tell.</summary>
    public MatchExplainer(PatternSet patterns) => (_patterns, _byRule) = (patterns, new StepExplainer[patterns.Compiled.Count]);

    /// <summary>The events of a match or timeout, first to last, each with its step and the values of the step's condition.</summary>
    /// <exception cref="InvalidOperationException">The match is of a rule that is not in the set.</exception>
    public IReadOnlyList<ExplainedEvent> Explain(Match match)
    {
        var rule = _patterns.Compiled.First(c => ReferenceEquals(c.Rule, match.Rule));
        return (_byRule[rule.Index] ??= new StepExplainer(rule.Pattern)).Explain(match.Taken);
    }
}
