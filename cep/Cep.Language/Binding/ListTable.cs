using Cep.Conditions;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Binding;

/// <summary>A declared list as conditions see it.</summary>
/// <param name="List">What the list became; null where something is wrong with its declaration, which has been reported.</param>
/// <param name="Source">The file that declares it.</param>
/// <param name="Name">The name where it is declared.</param>
internal sealed record ListSymbol(ValueList? List, SourceText Source, NameSyntax Name)
{
    /// <summary>Whether a condition names it.</summary>
    public bool IsUsed { get; set; }
}

/// <summary>The lists of a set by name.</summary>
internal sealed class ListTable
{
    private readonly Dictionary<string, ListSymbol> _lists = [];

    /// <summary>Lists that are at hand.</summary>
    public static ListTable Of(IEnumerable<ValueList> lists)
    {
        var table = new ListTable();
        foreach (var list in lists) table.Add(new ListSymbol(list, new SourceText("", ""), new NameSyntax(list.Name, default)));
        return table;
    }

    /// <summary>The lists in the order in which they were added.</summary>
    public IEnumerable<ListSymbol> All => _lists.Values;

    public IEnumerable<string> Names => _lists.Keys;

    /// <summary>Adds a list unless there is one of its name.</summary>
    public void Add(ListSymbol list) => _lists.TryAdd(list.Name.Text, list);

    /// <summary>The list of a name, without using it; null for none.</summary>
    public ListSymbol? Find(string name) => _lists.GetValueOrDefault(name);

    /// <summary>The list that a condition names; null for none.</summary>
    public ListSymbol? Use(string name)
    {
        if (!_lists.TryGetValue(name, out var list)) return null;
        list.IsUsed = true;
        return list;
    }
}
