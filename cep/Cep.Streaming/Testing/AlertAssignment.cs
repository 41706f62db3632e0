using Cep.Rules.Testing;

namespace Cep.Streaming.Testing;

/// <summary>Gives each expected alert one that meets it, and as many of them as can be: an expectation that many alerts meet does not take away the only one that meets another.</summary>
/// <remarks>A maximum matching of a bipartite graph, by augmenting paths.</remarks>
internal sealed class AlertAssignment
{
    private readonly IReadOnlyList<ExpectedAlert> _expected;
    private readonly IReadOnlyList<TestAlert> _alerts;

    /// <summary>Of each alert, the expectation that it is given to; -1 for none.</summary>
    private readonly int[] _takenBy;

    public AlertAssignment(IReadOnlyList<ExpectedAlert> expected, IReadOnlyList<TestAlert> alerts)
    {
        (_expected, _alerts) = (expected, alerts);
        _takenBy = new int[alerts.Count];
        Array.Fill(_takenBy, -1);
        Missing = [.. Enumerable.Range(0, expected.Count).Where(i => !TryGive(i, new bool[alerts.Count])).Select(i => expected[i])];
    }

    /// <summary>The expectations that no alert is left for, in order.</summary>
    public IReadOnlyList<ExpectedAlert> Missing { get; }

    /// <summary>The alerts that no expectation takes, in order.</summary>
    public IEnumerable<TestAlert> Untaken => _alerts.Where((_, i) => _takenBy[i] < 0);

    /// <summary>Finds an alert for an expectation, even where another one has it and can have one more.</summary>
    /// <param name="index">The expectation.</param>
    /// <param name="tried">The alerts that were asked already.</param>
    private bool TryGive(int index, bool[] tried)
    {
        for (var alert = 0; alert < _alerts.Count; alert++)
        {
            if (tried[alert] || !AlertComparison.IsMet(_expected[index], _alerts[alert]))
                continue;
            tried[alert] = true;
            if (_takenBy[alert] >= 0 && !TryGive(_takenBy[alert], tried))
                continue;
            _takenBy[alert] = index;
            return true;
        }
        return false;
    }
}
