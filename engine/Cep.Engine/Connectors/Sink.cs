namespace Cep.Engine.Connectors;

/// <summary>Where one output of a job ends. The job's sink thread makes every call, in the order <c>Open (Write* Flush)* Close</c>.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <remarks>
/// Values come in their final order, the same at any parallelism. An exception fails the job and names the sink; after a failure anywhere
/// <see cref="Close"/> is still called where <see cref="Open"/> has returned. A sink belongs to one output of one job.
/// </remarks>
public abstract class Sink<T>
{
    /// <summary>Names the sink.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    protected Sink(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The name, for messages: a file's path, for one.</summary>
    public string Name { get; }

    /// <summary>Whether someone watches the output, so that every epoch is flushed even if no source is live. Default: no.</summary>
    public virtual bool IsInteractive => false;

    /// <summary>Called once, before any other call.</summary>
    public virtual void Open()
    {
    }

    /// <summary>Takes the next value.</summary>
    public abstract void Write(in T value);

    /// <summary>Makes what was written visible: at the end of each epoch that wrote something when a source is live or the sink
    /// interactive.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>Called once, last. Makes everything visible and releases.</summary>
    public virtual void Close()
    {
    }
}
