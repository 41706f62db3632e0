using Cep.Language.Text;
using Cep.Rules;

namespace Cep.Language.Tests;

/// <summary>Compiles texts for tests, with the streams that most tests read.</summary>
internal static class Compiled
{
    /// <summary>The folder of the texts with errors and their expected messages.</summary>
    public static string DiagnosticsFolder { get; } = Path.Combine(AppContext.BaseDirectory, "Diagnostics");

    /// <summary>The streams <c>auths</c>, <c>orders</c> and <c>shipments</c>.</summary>
    public static SourceText Streams { get; } =
        SourceText.FromUtf8("streams.cep", File.ReadAllBytes(Path.Combine(DiagnosticsFolder, "streams.prelude")));

    /// <summary>Everything that is reported about a text, as rendered, in order.</summary>
    public static string Messages(SourceText text) => string.Concat(RuleCompiler.Compile([Streams, text]).Diagnostics.Select(d => d.Render() + "\n"));

    /// <summary>The only rule of a text that must have no error.</summary>
    public static Rule Rule(string text)
    {
        var compilation = RuleCompiler.Compile([Streams, new SourceText("test.cep", text)]);
        Assert.True(compilation.RuleSet is not null, string.Join("\n", compilation.Diagnostics.Select(d => d.Render())));
        return Assert.Single(compilation.RuleSet!.Rules);
    }

    /// <summary>The rule over <c>auths</c> with this match clause.</summary>
    public static Rule Match(string match) => Rule($"rule r {{ from auths key card_id\n match {match}\n}}");

    /// <summary>The condition of a step over <c>auths</c> after a step <c>a</c> and a loop <c>l</c>, as the model prints it.</summary>
    public static string Condition(string condition)
    {
        var rule = Match($"a: auths -> l{{3}}: auths -> c: auths where {condition} within 10m");
        return rule.Pattern.EventSteps.Last().Where!.ToString();
    }
}
