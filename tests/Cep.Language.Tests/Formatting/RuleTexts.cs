using System.Text.RegularExpressions;
using Cep.Language.Formatting;
using Cep.Language.Text;

namespace Cep.Language.Tests.Formatting;

/// <summary>A rule text and the other files of its set.</summary>
internal sealed record RuleText(string Name, string Text, IReadOnlyList<SourceText> Others);

/// <summary>The rule texts there are in the repository: files, blocks of documents, texts of tests, and generated patterns.</summary>
internal static class RuleTexts
{
    private const int Generated = 300;

    /// <summary>Those without syntax errors.</summary>
    public static IReadOnlyList<RuleText> All { get; } = Samples().Concat(Files()).Concat(Blocks()).Concat(Patterns())
        .Where(t => RuleFormatter.Format(new SourceText(t.Name, t.Text)).Text is not null).ToList();

    private static IEnumerable<RuleText> Samples() => Directory.GetDirectories(Path.Combine(Repository.Root, "sample-rules"))
        .Select(d => Directory.GetFiles(d, "*.cep").Order(StringComparer.Ordinal).Select(f => SourceText.FromUtf8(f, File.ReadAllBytes(f))).ToList())
        .SelectMany(files => files.Select(f => new RuleText(f.Path, f.Text, files.Where(other => other != f).ToList())));

    private static IEnumerable<RuleText> Files() => Directory.GetFiles(Compiled.DiagnosticsFolder, "*.cep").Append(Compiled.Streams.Path)
        .Select(f => f == Compiled.Streams.Path ? new RuleText(f, Compiled.Streams.Text, []) : new RuleText(f, File.ReadAllText(f), [Compiled.Streams]));

    /// <summary>Fenced blocks of documents, and raw strings of tests that hold nothing but rules.</summary>
    private static IEnumerable<RuleText> Blocks()
    {
        var documents = Directory.GetFiles(Repository.Root, "*.md").SelectMany(f => Found(f, "^```[a-z]*\n(.*?)^```"));
        var tests = Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Found(f, "\"\"\"[ ]*\n(.*?)\n *\"\"\""));
        return documents.Concat(tests).Where(t => Regex.IsMatch(t.Text, @"^\s*(//|stream\b|rule\b)"));
    }

    private static IEnumerable<RuleText> Found(string file, string block) => Regex
        .Matches(File.ReadAllText(file).ReplaceLineEndings("\n"), block, RegexOptions.Singleline | RegexOptions.Multiline)
        .Select(m => new RuleText($"{file}:{m.Index}", m.Groups[1].Value, [Compiled.Streams]));

    private static IEnumerable<RuleText> Patterns()
    {
        var matches = new RandomMatch(new SplitMix64(7));
        return Enumerable.Range(0, Generated).Select(i => new RuleText(
            $"pattern {i}", $"rule r {{ from auths key card_id, orders key order_id, shipments key order_ref\n match {matches.Next()}\n}}", [Compiled.Streams]));
    }
}
