using Cep.Engine.Time;

namespace Cep.Engine.Connectors;

/// <summary>One split of a job's input: something that is read from its beginning to its end on a thread of its own.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
/// <remarks>A source belongs to one job.</remarks>
public abstract class Source<T>
{
    /// <summary>Names the source and says how it tells time.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    protected Source(string name, WatermarkStrategy watermarks)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(watermarks);
        Name = name;
        Watermarks = watermarks;
    }

    /// <summary>The name, for messages and counts: a file's path, for one.</summary>
    public string Name { get; }

    /// <summary>How the split tells event time.</summary>
    public WatermarkStrategy Watermarks { get; }

    /// <summary>Whether reading may wait for data that does not exist yet, as on a pipe. Default: no.</summary>
    /// <remarks>
    /// Only a live source can be idle, only a job with one writes its outputs as they come, and only over such a job do watermarks fall between
    /// records in a way that depends on the moment. A live source that is blocked in a read when the job stops is left behind, not waited for.
    /// </remarks>
    public virtual bool IsLive => false;

    /// <summary>Whether the split can be read again from a <see cref="Position"/>. Default: no; a job that takes checkpoints refuses such a source.</summary>
    public virtual bool CanResume => false;

    /// <summary>Whether the end of the split is the end of its event time, so that every deadline is due. Default: yes.</summary>
    /// <remarks>
    /// False for the beginning of something that goes on, such as a script that is read in parts: at its end the watermark stays where it is and goes on holding back those of
    /// others, and a job that begins from the last checkpoint reads on from there.
    /// </remarks>
    public virtual bool EndsTime => true;

    /// <summary>Where the split stands after the record or malformed piece that was emitted last. Asked on the split's thread when a batch is handed on.</summary>
    public virtual SourcePosition Position => default;

    /// <summary>Reads the split from <see cref="SourceOutput{T}.ResumeFrom"/> to its end and returns. Called on the split's own thread; again, from another
    /// position, when the job is restarted.</summary>
    /// <param name="output">Takes what was read; a call to it blocks while the rest of the job is behind, and throws when the job stops.</param>
    /// <param name="stop">Canceled when the job stops.</param>
    /// <remarks>
    /// An exception fails the job and names the source. Whatever was opened is closed before this returns. What a split emits from a position on does not
    /// depend on where reading began: batches are cut after a fixed number of records from there, so a resumed run merges its splits as the first one did.
    /// </remarks>
    public abstract void Read(SourceOutput<T> output, CancellationToken stop);
}
