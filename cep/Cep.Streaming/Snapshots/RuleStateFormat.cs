using Cep.Engine.Checkpoints;
using Cep.Evaluation;
using Cep.Evaluation.Snapshots;
using Cep.Events;
using Cep.Rules;
using Cep.Streaming.Jobs;

namespace Cep.Streaming.Snapshots;

/// <summary>How what one rule remembers lies in a snapshot: a state of its own, an entry for each key.</summary>
/// <remarks>What the pattern and its events were when they were written stands in the schema of the values, once.</remarks>
internal sealed class RuleStateFormat
{
    /// <summary>What the names of such states begin with.</summary>
    public const string Prefix = "runs/";

    /// <summary>What the names of the states of versions begin with that are being drained.</summary>
    private const string DrainingPrefix = "draining/";

    private readonly RunSetFormat _format;

    /// <param name="name">The name of the state.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="keySchema">The kinds of its key's fields.</param>
    public RuleStateFormat(string name, CompiledRule rule, string keySchema)
    {
        _format = FormatOf(rule);
        var header = new EventBinaryOutput();
        _format.WriteHeader(header);
        Schema = new StateSchema(name, "runs", keySchema, Convert.ToBase64String(header.Written));
    }

    public StateSchema Schema { get; }

    public void Write(RunSet runs, EventBinaryOutput output) => _format.Write(runs, output);

    /// <summary>The rule whose state it is; empty for a state of another kind.</summary>
    public static string RuleOf(StateSchema schema) => schema.Name.StartsWith(Prefix, StringComparison.Ordinal) ? schema.Name[Prefix.Length..] : "";

    /// <summary>The name of the state of a rule.</summary>
    public static string NameOf(Rule rule) => Prefix + rule.Name;

    /// <summary>The name of the state of a version that is being drained: its own among all versions of all rules.</summary>
    public static string NameOf(DrainingVersion version) => FormattableString.Invariant($"{DrainingPrefix}{version.Number}/{version.Rule.Name}");

    /// <summary>Says that nothing is remembered any more in the state of a name.</summary>
    public static StateSchema Ended(string name) => new(name, "runs", "", "");

    /// <summary>What reads the entries of a state.</summary>
    /// <param name="rule">The rule that goes on with them.</param>
    /// <param name="schema">What the snapshot says of the state.</param>
    /// <param name="carries">Whether they may be of another pattern of the same shape.</param>
    /// <exception cref="InvalidDataException">The rule looks for something else now, or its events cannot be read any more.</exception>
    public static RunSetFormat.Reader Read(CompiledRule rule, StateSchema schema, bool carries = false)
    {
        try
        {
            return FormatOf(rule).ReadHeader(new EventBinaryInput(Convert.FromBase64String(schema.Value)), carries);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The rule `{rule.Rule.Name}` cannot go on with what it remembers. {e.Message}", e);
        }
    }

    private static RunSetFormat FormatOf(CompiledRule rule)
    {
        var inputs = rule.Rule.Inputs;
        return new RunSetFormat(rule.Pattern, inputs.Select(i => i.Stream.EventType).ToArray(), inputs.Select(i => rule.PositionOf(i.Stream)).ToArray());
    }
}
