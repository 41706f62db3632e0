using Cep.Conditions;
using System.Text.Json;
using Cep.Patterns;
using Cep.Rules;

namespace Cep.Language.Json;

/// <summary>Writes one pattern as <see cref="PatternJson"/> describes.</summary>
internal readonly struct PatternJsonWriter(Utf8JsonWriter json)
{
    private readonly Utf8JsonWriter _json = json;

    public void Write(Pattern pattern)
    {
        _json.WriteStartObject();
        _json.WriteNumber("version", PatternWords.Version);
        ListsJson.Write(_json, RuleLists.Of(pattern));
        WriteSteps("steps", pattern.Steps);
        WriteMs("withinMs", pattern.WithinMs);
        WriteMs("gapMs", pattern.GapMs);
        if (pattern.Skip != AfterMatchSkip.None)
            WriteSkip(pattern.Skip);
        _json.WriteEndObject();
    }

    private void WriteSteps(string property, IReadOnlyList<PatternStep> steps)
    {
        _json.WritePropertyName(property);
        WriteSteps(steps);
    }

    private void WriteSteps(IReadOnlyList<PatternStep> steps)
    {
        _json.WriteStartArray();
        for (var i = 0; i < steps.Count; i++)
            WriteStep(steps[i], isFirst: i == 0);
        _json.WriteEndArray();
    }

    private void WriteStep(PatternStep step, bool isFirst)
    {
        _json.WriteStartObject();
        // A first step follows nothing; elsewhere the link says so much that it always stands there.
        if (!isFirst || step.Link != Contiguity.Relaxed)
            _json.WriteString("link", PatternWords.Of(step.Link));
        if (step is EventStep e)
            WriteEvent(e);
        else
            WriteGroup((GroupStep)step);
        if (step.Quantifier != Quantifier.One)
            WriteQuantifier(step.Quantifier);
        WriteMs("gapMs", step.GapMs);
        _json.WriteEndObject();
    }

    private void WriteGroup(GroupStep group)
    {
        if (group.IsNegated)
            _json.WriteBoolean("not", true);
        if (group.OrElse.Count == 0)
        {
            WriteSteps("group", group.Steps);
            return;
        }
        _json.WriteStartArray("either");
        foreach (var alternative in group.Alternatives)
            WriteSteps(alternative);
        _json.WriteEndArray();
    }

    private void WriteEvent(EventStep step)
    {
        if (step.IsNegated)
            _json.WriteBoolean("not", true);
        _json.WriteString("name", step.Name);
        if (step.Stream is { } stream)
            _json.WriteString("stream", stream.Name);
        if (step.Where is { } where)
            _json.WriteString("where", TextOf(where));
    }

    private void WriteQuantifier(Quantifier quantifier)
    {
        _json.WriteStartObject("quantifier");
        _json.WriteNumber("min", quantifier.Min);
        if (quantifier.Max is { } max)
            _json.WriteNumber("max", max);
        else
            _json.WriteNull("max");
        if (quantifier.IsOptional)
            _json.WriteBoolean("optional", true);
        if (quantifier.IsGreedy)
            _json.WriteBoolean("greedy", true);
        if (quantifier.Inner != Contiguity.Relaxed)
            _json.WriteString("inner", PatternWords.Of(quantifier.Inner));
        if (quantifier.Until is { } until)
            _json.WriteString("until", TextOf(until));
        WriteMs("gapMs", quantifier.GapMs);
        _json.WriteEndObject();
    }

    private void WriteSkip(AfterMatchSkip skip)
    {
        _json.WriteStartObject("skip");
        _json.WriteString("kind", PatternWords.Of(skip.Kind));
        if (skip.Step is { } step)
            _json.WriteString("step", step);
        if (skip.FailsOnMiss)
            _json.WriteBoolean("failsOnMiss", true);
        _json.WriteEndObject();
    }

    private void WriteMs(string property, long? ms)
    {
        if (ms is { } value)
            _json.WriteNumber(property, value);
    }

    private static string TextOf(Expr condition) => !condition.HasCode ? condition.ToString()
        : throw new ArgumentException("A condition of the pattern is code, which cannot be written as JSON; only conditions made of fields, constants and operators can.");
}
