using Cep.Engine.Checkpoints;
using Cep.Evaluation.Snapshots;
using Cep.Events;
using Cep.Explain;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Snapshots;

namespace Cep.Streaming.Inquiries;

/// <summary>A partial match in a checkpoint or savepoint.</summary>
/// <param name="Key">The values of the key's fields; empty for a rule without a key.</param>
/// <param name="PartialMatch">What it has taken, and what it waits for.</param>
public sealed record StoredPartialMatch(IReadOnlyList<object?> Key, PartialMatchReport PartialMatch);

/// <summary>Reads what one rule remembers, of the entries of its state in a checkpoint or savepoint. One thread only.</summary>
public sealed class StoredRuns
{
    /// <summary>The uid of the operator that has the states of all rules.</summary>
    public const string OperatorUid = Jobs.RuleJob.OperatorUid;

    private readonly RuleWork _work;
    private readonly RunSetFormat.Reader _reader;
    private readonly RunSetInspection _inspection;

    /// <summary>Prepares for a rule.</summary>
    /// <param name="patterns">The rules as they were when the state was written, or as far as the state goes like them.</param>
    /// <param name="rule">The name of a rule that runs.</param>
    /// <param name="schema">What the checkpoint says of the rule's state.</param>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    /// <exception cref="InvalidDataException">The rule looks for something else now, or its events cannot be read any more.</exception>
    public StoredRuns(PatternSet patterns, string rule, StateSchema schema)
    {
        var compiled = patterns.Compiled.FirstOrDefault(c => c.Rule.Name == rule) ?? throw new ArgumentException($"There is no rule `{rule}` that runs.", nameof(rule));
        var group = patterns.Groups.First(g => g.Rules.Contains(compiled));
        _work = new RuleWork(0, new RuleLane(group), compiled, new RuleCounts(), new RuleQuarantine());
        _reader = RuleStateFormat.Read(compiled, schema);
        _inspection = new RunSetInspection(compiled.Pattern);
    }

    /// <summary>The name of the state of a rule.</summary>
    public static string StateOf(string rule) => RuleStateFormat.Prefix + rule;

    /// <summary>The properties of a manifest in which a rule job keeps what its rules are, and were.</summary>
    public static IReadOnlyList<string> Properties { get; } = [Jobs.DrainingVersions.Property, Jobs.DrainingVersions.RunningProperty];

    /// <summary>The versions of rules that were being drained when a checkpoint or savepoint was taken, the oldest first; those that have ended may be among them.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <returns>Of each the name of the rule that ran in its place, and that of its state.</returns>
    public static IReadOnlyList<(string Rule, string State)> DrainingIn(Manifest manifest) =>
        manifest.Properties.TryGetValue(Jobs.DrainingVersions.Property, out var text) ? Jobs.DrainingVersions.StatesIn(text) : [];

    /// <summary>The partial matches of one key, the earliest first.</summary>
    /// <param name="value">The value of the key's entry.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public IReadOnlyList<StoredPartialMatch> Read(byte[] value)
    {
        var runs = _reader.Read(new EventBinaryInput(value));
        _work.Evaluator.Adopt(runs);
        return _inspection.PartialMatches(runs).Select(p => new StoredPartialMatch(KeyOf(p.Taken[0].Event), p)).ToList();
    }

    private IReadOnlyList<object?> KeyOf(object e)
    {
        var stream = _work.Rule.Rule.Inputs.First(i => i.Stream.EventType.ClrType.IsInstanceOfType(e)).Stream;
        return _work.Lane.Group.Keys[_work.Rule.PositionOf(stream)]!.Values(e);
    }
}
