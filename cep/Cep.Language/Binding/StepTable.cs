namespace Cep.Language.Binding;

/// <summary>The steps of one pattern, and what their conditions may read. All steps are added before the first scope is asked for.</summary>
/// <param name="streams">All streams of the set, by name.</param>
/// <param name="lists">All lists of the set.</param>
internal sealed class StepTable(IReadOnlyDictionary<string, StreamSymbol> streams, ListTable lists)
{
    private readonly List<StepSymbol> _steps = [];
    private readonly Dictionary<string, StepSymbol> _byName = [];

    /// <summary>The steps in the order written.</summary>
    public IReadOnlyList<StepSymbol> All => _steps;

    /// <summary>The steps by name; of two with one name, the first.</summary>
    public IReadOnlyDictionary<string, StepSymbol> ByName => _byName;

    /// <summary>Adds the next step.</summary>
    /// <param name="symbol">The step.</param>
    /// <returns>False if a step has that name already.</returns>
    public bool Add(StepSymbol symbol)
    {
        _steps.Add(symbol);
        return _byName.TryAdd(symbol.Name, symbol);
    }

    /// <summary>What the condition and the <c>until</c> of a step may read; null stands for a step whose name is missing.</summary>
    public Scope ScopeOf(StepSymbol? step) =>
        new() { Place = Place.Step, Candidate = step?.Stream, Step = step, Steps = _byName, Streams = streams, Lists = lists };

    /// <summary>What the <c>until</c> of a group may read: like a condition of its last step, every step of the group, and those before.</summary>
    /// <returns>Null if the steps of the group take events of several streams: then no field could be told.</returns>
    public Scope? ScopeOf(GroupSymbol group)
    {
        var inside = _steps.FindAll(s => s.Groups.Contains(group));
        var candidates = inside.Select(s => s.Stream).Distinct().ToList();
        return candidates.Count > 1 ? null : ScopeOf(inside.LastOrDefault());
    }
}
