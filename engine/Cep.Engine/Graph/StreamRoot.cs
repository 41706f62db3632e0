namespace Cep.Engine.Graph;

/// <summary>Where values come into being that streams carry on: a source, or one output of an operator.</summary>
/// <param name="owner">The operator whose output it is; null for what comes from the merging thread.</param>
internal abstract class StreamRoot(OperatorNode? owner)
{
    public OperatorNode? Owner { get; } = owner;

    /// <summary>How the root is called in derived names.</summary>
    public abstract string Name { get; }
}

/// <inheritdoc/>
/// <typeparam name="T">The type of the values.</typeparam>
/// <param name="name">How the root is called; asked when all names are given.</param>
internal sealed class StreamRoot<T>(OperatorNode? owner, Func<string> name) : StreamRoot(owner)
{
    private readonly List<StreamEdge<T>> _edges = [];

    public override string Name => name();

    /// <summary>Where the values go, one edge an end.</summary>
    public IReadOnlyList<StreamEdge<T>> Edges => _edges;

    /// <summary>Leads the values to an end.</summary>
    /// <param name="end">The end, which takes values of <typeparamref name="TEnd"/>.</param>
    /// <param name="chain">The stages between, given the last of them; null for none, where the types are the same.</param>
    public void Connect<TEnd>(StreamEnd end, Func<Step<TEnd>, Step<T>>? chain = null)
    {
        end.Producers.Add(Owner);
        foreach (StreamEdge<T> edge in _edges)
        {
            if (edge.End != end) continue;
            ((StreamEdge<T, TEnd>)edge).Chains.Add(chain);
            return;
        }

        _edges.Add(new StreamEdge<T, TEnd>(end) { Chains = { chain } });
    }
}
