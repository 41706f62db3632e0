namespace Cep.Engine.Graph;

/// <summary>A way on which values of a stream come about: a root, and the stateless stages after it. A stream has several after a union.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
internal abstract class StreamPath<T>
{
    public abstract StreamRoot Root { get; }

    /// <summary>The path with a stage more.</summary>
    /// <param name="stage">Makes the stage, given the one after it; called once a thread that runs it.</param>
    public abstract StreamPath<TOut> Then<TOut>(Func<Step<TOut>, Step<T>> stage);

    /// <summary>Leads the values to an end.</summary>
    public abstract void ConnectTo(StreamEnd end);
}

/// <inheritdoc/>
/// <typeparam name="TRoot">The type of the root's values.</typeparam>
/// <typeparam name="T">The type of the values.</typeparam>
/// <param name="root">The root.</param>
/// <param name="chain">The stages; null for none, where the types are the same.</param>
internal sealed class StreamPath<TRoot, T>(StreamRoot<TRoot> root, Func<Step<T>, Step<TRoot>>? chain) : StreamPath<T>
{
    public override StreamRoot Root => root;

    public override StreamPath<TOut> Then<TOut>(Func<Step<TOut>, Step<T>> stage) =>
        new StreamPath<TRoot, TOut>(root, chain is null ? (Func<Step<TOut>, Step<TRoot>>)(object)stage : last => chain(stage(last)));

    public override void ConnectTo(StreamEnd end) => root.Connect(end, chain);
}
