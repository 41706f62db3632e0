using Cep.Language.Binding;
using Cep.Language.Diagnostics;
using Cep.Language.Formatting;
using Cep.Language.Parsing;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language;

/// <summary>Lists of a rule file that stand in files of their own: which those are, and the rule file with their values in it.</summary>
public static class ListFiles
{
    /// <summary>The paths that the lists of a rule file name, as written there, each once; none that the compiler would refuse.</summary>
    public static IReadOnlyList<string> NamedBy(SourceText rules) =>
        Lists(rules).Select(l => l.File!.Value.Value).Where(p => ListPath.WhyNot(p) is null).Distinct(StringComparer.Ordinal).ToList();

    /// <summary>The rule file with each such list written out, so that it can be compiled where its files are not at hand; a list that is not sound stays as it is.</summary>
    public static SourceText WrittenOut(SourceText rules, ListFileReader readListFile)
    {
        var text = rules.Text;
        foreach (var list in Lists(rules).OrderByDescending(l => l.Span.Start))
        {
            if (new ListBinder(list, new DiagnosticBag(rules), readListFile).Bind().List is { } found && !list.Name.IsMissing)
                text = string.Concat(text.AsSpan(0, list.Span.Start), RuleWriter.Write(found).TrimEnd(), text.AsSpan(list.Span.End));
        }
        return new SourceText(rules.Path, text);
    }

    private static IEnumerable<ListSyntax> Lists(SourceText rules) => rules.Text.Contains("list", StringComparison.Ordinal)
        ? FileParser.Parse(rules, new DiagnosticBag(rules)).Lists.Where(l => l.File is not null) : [];
}
