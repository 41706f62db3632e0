using Cep.Engine.Graph;
using Cep.Engine.Operators;

namespace Cep.Engine.Runtime;

/// <summary>One producer's outputs: a port towards each consumer, the sink thread first.</summary>
internal sealed class SubtaskOutputs
{
    private readonly Func<object, StreamRoot?> _rootOf;
    private readonly OutputPort[] _ports;

    /// <summary>The outputs of a producer.</summary>
    /// <param name="rootOf">The output of a key; null when nobody reads it.</param>
    /// <param name="ports">The consumers.</param>
    public SubtaskOutputs(Func<object, StreamRoot?> rootOf, params OutputPort[] ports)
    {
        _rootOf = rootOf;
        _ports = ports;
    }

    /// <summary>Outputs that are all written to sinks as they are.</summary>
    public SubtaskOutputs(IReadOnlyList<JobOutput> outputs, Channel<EpochEnd> toSink, Pool<EpochOutputs> pool)
        : this(key => outputs.FirstOrDefault(output => output.Key == key)?.CreateRoot(), new OutputPort(outputs, toSink, pool))
    {
    }

    /// <summary>Told what is handed on, and when that has to wait; null where nobody wants to know.</summary>
    public SubtaskProgress? Progress { get; set; }

    /// <summary>Whether nothing was emitted in this epoch so far.</summary>
    public bool IsEmpty
    {
        get
        {
            foreach (OutputPort port in _ports)
            {
                if (!port.IsEmpty) return false;
            }

            return true;
        }
    }

    /// <summary>The main output.</summary>
    public Output<T> Main<T>() => Side<T>(JobOutput.MainKey);

    /// <summary>The output of a key; not connected when nobody reads it.</summary>
    public Output<T> Side<T>(object key) => To((StreamRoot<T>?)_rootOf(key));

    /// <summary>The output of a root; not connected when nobody reads it.</summary>
    public Output<T> To<T>(StreamRoot<T>? root)
    {
        var output = new Output<T>(null);
        if (root is null) return output;
        foreach (StreamEdge<T> edge in root.Edges) edge.Bind(output, PortOf(edge.End));
        return output;
    }

    /// <summary>The output that leads to one end, without stages between.</summary>
    public Output<T> To<T>(StreamEnd end)
    {
        var output = new Output<T>(null);
        PortOf(end).Attach(end, run => output.Attach((OutputRun<T>)run));
        return output;
    }

    /// <summary>Hands the epoch to every consumer, waiting while one is epochs behind.</summary>
    public void EndEpoch(Control control, bool isLast = false)
    {
        foreach (OutputPort port in _ports) port.EndEpoch(control, isLast, Progress);
    }

    private OutputPort PortOf(StreamEnd end) => Array.Find(_ports, port => port.Has(end))!;
}
