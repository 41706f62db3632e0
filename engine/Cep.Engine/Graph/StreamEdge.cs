using Cep.Engine.Operators;
using Cep.Engine.Runtime;

namespace Cep.Engine.Graph;

/// <summary>What leads from a root to one end: one or several chains of stateless stages.</summary>
/// <typeparam name="T">The type of the root's values.</typeparam>
internal abstract class StreamEdge<T>(StreamEnd end)
{
    public StreamEnd End { get; } = end;

    /// <summary>Makes what a batch of a split keeps for this edge; null when the batch's own records go to the end as they are.</summary>
    public abstract ChainedBatch<T>? CreateBatch();

    /// <summary>Makes what hands the records of batches on to the end.</summary>
    /// <param name="targets">Gives what takes records for an end.</param>
    /// <param name="place">The edge's place among those of the root.</param>
    public abstract EdgeRoute<T> CreateRoute(RecordTargets targets, int place);

    /// <summary>Leads what is emitted to an output to the end.</summary>
    public abstract void Bind(Output<T> output, OutputPort port);
}

/// <inheritdoc/>
/// <typeparam name="T">The type of the root's values.</typeparam>
/// <typeparam name="TEnd">The type of the values that the end takes.</typeparam>
internal sealed class StreamEdge<T, TEnd>(StreamEnd end) : StreamEdge<T>(end)
{
    /// <summary>The chains, in the order in which a value goes through them; null for one without stages.</summary>
    public List<Func<Step<TEnd>, Step<T>>?> Chains { get; } = [];

    private bool IsDirect => Chains is [null];

    public override ChainedBatch<T>? CreateBatch() => IsDirect && !End.TakesLate ? null : new ChainedBatch<T, TEnd>(HeadsOf, End.TakesLate);

    public override EdgeRoute<T> CreateRoute(RecordTargets targets, int place) => new EdgeRoute<T, TEnd>(targets.Of<TEnd>(End), place);

    public override void Bind(Output<T> output, OutputPort port)
    {
        if (IsDirect && !output.IsConnected)
        {
            port.Attach(End, run => output.Attach((OutputRun<T>)run));
            return;
        }

        var last = new RunStep<TEnd>(output.Place);
        port.Attach(End, run => last.Run = (OutputRun<TEnd>)run);
        output.Add(HeadsOf(last));
    }

    private Step<T>[] HeadsOf(Step<TEnd> last) => [.. Chains.Select(chain => chain is null ? (Step<T>)(object)last : chain(last))];
}

/// <summary>The place in the order of outputs of what goes through a chain.</summary>
internal sealed class EmittedPlace
{
    public long TimestampMs;
    public long Order;
    public int Rank;
}

/// <summary>The end of a chain: gathers what comes for an end.</summary>
internal sealed class RunStep<T>(EmittedPlace place) : Step<T>
{
    public OutputRun<T> Run { get; set; } = null!;

    public override void Push(T value) => Run.Add(value, place.TimestampMs, place.Order, place.Rank);
}
