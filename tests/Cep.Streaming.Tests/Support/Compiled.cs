using Cep.Language;
using Cep.Language.Text;

namespace Cep.Streaming.Tests.Support;

/// <summary>Compiles rule text for tests.</summary>
internal static class Compiled
{
    /// <summary>The stream that most tests read: a key, a letter to tell events by, a number, and a time without disorder.</summary>
    public const string Letters = "stream s { k string? letter string n long? ts timestamp watermark for ts delay 0s }\n";

    /// <summary>The pattern set of a text that must have no error.</summary>
    public static PatternSet Patterns(string text)
    {
        var compilation = RuleCompiler.Compile(new SourceText("test.cep", text));
        Assert.True(compilation.RuleSet is not null, string.Join("\n", compilation.Diagnostics.Select(d => d.Render())) + text);
        return PatternSet.Compile(compilation.RuleSet!);
    }

    /// <summary>A rule over <see cref="Letters"/> in which steps are letters: <c>A -> B</c> is <c>A: s where letter == "A" -> …</c>.</summary>
    /// <param name="match">The match clause; each upper-case letter, with what follows it up to a space, is a step.</param>
    /// <param name="key">The key's field; null for none.</param>
    /// <param name="rest">What follows the match clause.</param>
    public static string Rule(string name, string match, string? key = "k", string rest = "") =>
        $"rule {name} {{ from s{(key is null ? "" : " key " + key)} match {Steps(match)} {rest} }}\n";

    private static string Steps(string match) => string.Join(' ', match.Split(' ').Select(word =>
        word.Length > 0 && char.IsAsciiLetterUpper(word[0]) ? $"{word.ToLowerInvariant()}: s where letter == \"{word[0]}\"" : word));
}
