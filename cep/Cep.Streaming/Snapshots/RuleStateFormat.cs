using Cep.Engine.Checkpoints;
using Cep.Evaluation;
using Cep.Evaluation.Snapshots;
using Cep.Events;

namespace Cep.Streaming.Snapshots;

/// <summary>How what one rule remembers lies in a snapshot: a state of its own, an entry for each key.</summary>
/// <remarks>What the pattern and its events were when they were written stands in the schema of the values, once.</remarks>
internal sealed class RuleStateFormat
{
    /// <summary>What the names of such states begin with.</summary>
    public const string Prefix = "runs/";

    private readonly RunSetFormat _format;

    public RuleStateFormat(RuleWork work)
    {
        _format = FormatOf(work);
        var header = new EventBinaryOutput();
        _format.WriteHeader(header);
        Schema = new StateSchema(Prefix + work.Rule.Rule.Name, "runs", work.Lane.Group.KeySchema, Convert.ToBase64String(header.Written));
    }

    public StateSchema Schema { get; }

    public void Write(RunSet runs, EventBinaryOutput output) => _format.Write(runs, output);

    /// <summary>What reads the entries of a state.</summary>
    /// <exception cref="InvalidDataException">The rule looks for something else now, or its events cannot be read any more.</exception>
    public static RunSetFormat.Reader Read(RuleWork work, StateSchema schema)
    {
        try
        {
            return FormatOf(work).ReadHeader(new EventBinaryInput(Convert.FromBase64String(schema.Value)));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The rule `{work.Rule.Rule.Name}` cannot go on with what it remembers. {e.Message}", e);
        }
    }

    private static RunSetFormat FormatOf(RuleWork work)
    {
        var inputs = work.Rule.Rule.Inputs;
        return new RunSetFormat(work.Rule.Pattern, inputs.Select(i => i.Stream.EventType).ToArray(), inputs.Select(i => work.Rule.PositionOf(i.Stream)).ToArray());
    }
}
