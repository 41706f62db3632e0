using System.Text;
using Cep.Conditions;
using Cep.Events;
using Cep.Language.Text;
using Cep.Patterns;
using Cep.Rules;

namespace Cep.Language.Formatting;

/// <summary>Writes streams and rules as a rule file. Compiled again, the file gives equal streams and rules, but for the version of a rule.</summary>
/// <remarks>Comments and the way a file was laid out are not part of the model, so they are not kept; the layout is that of <see cref="RuleFormatter"/>.</remarks>
public static class RuleWriter
{
    /// <summary>Writes a rule set: its streams, its lists with all their values, then its rules, with an empty line between two declarations.</summary>
    /// <exception cref="ArgumentException"><see cref="PatternWriter.Check"/> finds a reason why a pattern has no text.</exception>
    public static string Write(RuleSet set) => string.Join("\n", set.Streams.Select(Write).Concat(set.Lists.Select(Write)).Concat(set.Rules.Select(Write)));

    /// <summary>Writes the declaration of a stream.</summary>
    public static string Write(StreamDefinition stream)
    {
        var text = new StringBuilder().Append($"stream {ExprText.Name(stream.Name)} {{\n");
        foreach (var field in stream.EventType.Fields)
            text.Append($"    {ExprText.Name(field.Name)} {field.Type.ToString().ToLowerInvariant()}{(field.IsOptional ? "?" : "")}\n");
        text.Append(stream.Time is { } time
            ? $"    watermark for {ExprText.Name(time.Field.Name)} delay {DurationText.Format(time.DelayMs)}"
                + (time.IdleAfterMs is { } idle ? $" idle after {DurationText.Format(idle)}\n" : "\n")
            : "    processing time\n");
        return Formatted(text.Append("}\n").ToString());
    }

    /// <summary>Writes the declaration of a list, with all its values.</summary>
    public static string Write(ValueList list) => Formatted(
        $"list {ExprText.Name(list.Name)} of {list.Type.Name()} = ({string.Join(", ", list.Values.Select(v => ExprFactory.Literal(v).ToString()))})\n");

    /// <summary>Writes the declaration of a rule; clauses that say the default are left out.</summary>
    /// <exception cref="ArgumentException"><see cref="PatternWriter.Check"/> finds a reason why the pattern has no text.</exception>
    public static string Write(Rule rule)
    {
        var text = new StringBuilder().Append($"rule {ExprText.Name(rule.Name)} {{\n");
        void Clause(string word, string? value)
        {
            if (value is not null)
                text.Append($"    {word} {value}\n");
        }

        Clause("title", Quoted(rule.Title));
        Clause("severity", AlertWriter.Severity(rule));
        Clause("tags", rule.Tags.Count == 0 ? null : string.Join(", ", rule.Tags.Select(ExprText.Quote)));
        Clause("owner", Quoted(rule.Owner));
        Clause("runbook", Quoted(rule.Runbook));
        Clause("status", rule.Status == RuleStatus.Live ? null : rule.Status.ToString().ToLowerInvariant());
        Clause("from", string.Join(", ", rule.Inputs.Select(Input)));
        Clause("match", PatternWriter.Write(rule.Pattern));
        foreach (var unless in rule.Unless)
            Clause("unless", ExprText.Name(unless.Stream.Name) + (unless.Where is { } where ? $" where {where}" : ""));
        Clause("emit", AlertWriter.Emit(rule));
        Clause("emit on timeout", AlertWriter.EmitOnTimeout(rule));
        Clause("suppress", AlertWriter.Suppress(rule.Suppression));
        Clause("limit", AlertWriter.Limit(rule.Limit));
        Clause("partials", rule.Partials == PartialMatchLimit.Default ? null
            : $"{rule.Partials.PerKey} per key on overflow {RuleWords.Of(rule.Partials.OnOverflow)}");
        return Formatted(text.Append("}\n").ToString());
    }

    private static string Formatted(string text) => RuleFormatter.Format(new SourceText("", text)).Text ?? text;

    private static string? Quoted(string? text) => text is null ? null : ExprText.Quote(text);

    private static string Input(RuleInput input)
    {
        var key = input.KeyFields.Select(f => ExprText.Name(f.Name)).ToArray() switch
        {
            [] => "",
            [var only] => $" key {only}",
            var several => $" key ({string.Join(", ", several)})",
        };
        return ExprText.Name(input.Stream.Name) + key + (input.Where is { } where ? $" where {where}" : "");
    }
}
