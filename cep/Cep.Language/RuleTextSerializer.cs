using Cep.Language.Diagnostics;
using Cep.Language.Formatting;
using Cep.Language.Text;
using Cep.Rules;

namespace Cep.Language;

/// <summary>Writes rules as rule text, with the lists that they name.</summary>
/// <remarks>Streams must be such as rule text declares: a rule over the events of a class cannot be read back.</remarks>
public sealed class RuleTextSerializer : RuleSerializer
{
    /// <inheritdoc/>
    public override string Write(Rule rule) => string.Join("\n", RuleLists.Of(rule).Select(RuleWriter.Write).Append(RuleWriter.Write(rule)));

    /// <inheritdoc/>
    public override Rule Read(string text, IReadOnlyList<StreamDefinition> streams)
    {
        var compilation = RuleCompiler.Compile([new SourceText("streams", string.Join("\n", streams.Select(RuleWriter.Write))), new SourceText("rule", text)]);
        if (compilation.RuleSet is not { Rules: [var rule] })
            throw new InvalidDataException(compilation.Diagnostics.FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error)?.Message ?? "It is not one rule.");
        if (rule.Inputs.FirstOrDefault(i => !streams.Contains(i.Stream)) is { } other)
            throw new InvalidDataException($"The stream `{other.Stream.Name}` is not one that rule text declares.");
        return rule;
    }
}
