namespace Cep.Engine.Checkpoints;

/// <summary>Where checkpoints lie: whole objects by name, which a folder and an object store can keep alike. There is no renaming and no appending.</summary>
/// <remarks>
/// Reading blocks the thread, which waits for what it reads; writing and deleting are for the background. Safe for use by several threads. Names are parts of <c>A-Z a-z 0-9 . _ -</c> between slashes; no part begins with a dot. A failure of the disk or
/// the network is a <see cref="CheckpointStoreException"/>.
/// </remarks>
public abstract class CheckpointStore : IDisposable
{
    /// <summary>Writes an object, in the place of one of the same name if there is one. Atomic and durable once it returns: whoever reads, now
    /// or after a power cut, sees all of it or nothing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its bytes, piece by piece; unchanged until the task ends.</param>
    /// <param name="cancellation">Ends the attempt; the object is then as it was before.</param>
    /// <exception cref="CheckpointStoreException">It could not be written.</exception>
    public abstract ValueTask WriteAsync(string name, IReadOnlyList<ReadOnlyMemory<byte>> content, CancellationToken cancellation = default);

    /// <summary>Opens an object.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The object from its beginning, with a known length; null when there is none of this name.</returns>
    /// <exception cref="CheckpointStoreException">It could not be opened.</exception>
    public abstract Stream? OpenRead(string name);

    /// <summary>The objects, ordered by name.</summary>
    /// <param name="prefix">What their names begin with; empty for all.</param>
    /// <exception cref="CheckpointStoreException">The store could not be read.</exception>
    public abstract IReadOnlyList<StoredObject> List(string prefix);

    /// <summary>Deletes an object; nothing happens when there is none of this name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="CheckpointStoreException">It could not be deleted.</exception>
    public abstract ValueTask DeleteAsync(string name, CancellationToken cancellation = default);

    /// <summary>Writes a segment and gives its memory back, whether or not that succeeds.</summary>
    /// <inheritdoc cref="WriteAsync(string, IReadOnlyList{ReadOnlyMemory{byte}}, CancellationToken)"/>
    public async ValueTask WriteAsync(string name, Segment segment, CancellationToken cancellation = default)
    {
        using (segment)
        {
            await WriteAsync(name, segment.Chunks, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Lets go of the store.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>An object in a <see cref="CheckpointStore"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
public readonly record struct StoredObject(string Name, long Bytes);
