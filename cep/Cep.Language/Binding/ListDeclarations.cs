using Cep.Language.Diagnostics;
using Cep.Language.Syntax;

namespace Cep.Language.Binding;

/// <summary>Binds the lists of a set, and says which of them are of no use.</summary>
internal static class ListDeclarations
{
    /// <summary>The lists of all files; of two with one name, the first.</summary>
    public static ListTable Bind(IReadOnlyList<FileSyntax> files, IReadOnlyList<DiagnosticBag> bags, ListFileReader? readFile)
    {
        var lists = new ListTable();
        foreach (var (file, bag) in files.Zip(bags))
        {
            foreach (var syntax in file.Lists)
            {
                var list = new ListBinder(syntax, bag, readFile).Bind();
                if (syntax.Name.IsMissing) continue;
                if (lists.Find(syntax.Name.Text) is { } first) RuleCompiler.RejectName(bag, "list", syntax.Name, first.Source, first.Name);
                lists.Add(list);
            }
        }
        return lists;
    }

    /// <summary>Warns of lists that nothing names; where there are errors, what names them may not have been read.</summary>
    public static void WarnOfUnused(ListTable lists, IReadOnlyList<DiagnosticBag> bags)
    {
        if (bags.Any(b => b.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error))) return;
        foreach (var list in lists.All.Where(l => !l.IsUsed))
            bags.First(b => b.Source == list.Source).Warning(DiagnosticCode.UnusedList, list.Name.Span,
                $"No condition names the list `{list.Name.Text}`.", $"ask for it with `in @{list.Name.Text}`, or leave it out");
    }
}
