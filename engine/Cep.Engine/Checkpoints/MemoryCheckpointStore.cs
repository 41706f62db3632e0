using System.Collections.Concurrent;

namespace Cep.Engine.Checkpoints;

/// <summary>Keeps checkpoints in memory: a job survives a failure, but not the end of its process.</summary>
public sealed class MemoryCheckpointStore : CheckpointStore
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(string name, IReadOnlyList<ReadOnlyMemory<byte>> content, CancellationToken cancellation = default)
    {
        StoreName.Check(name);
        cancellation.ThrowIfCancellationRequested();
        var bytes = new byte[content.Sum(c => (long)c.Length)];
        int at = 0;
        foreach (ReadOnlyMemory<byte> piece in content)
        {
            piece.Span.CopyTo(bytes.AsSpan(at));
            at += piece.Length;
        }

        _objects[name] = bytes;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override Stream? OpenRead(string name)
    {
        StoreName.Check(name);
        return _objects.TryGetValue(name, out byte[]? bytes) ? new MemoryStream(bytes, writable: false) : null;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StoredObject> List(string prefix) =>
        _objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(o => new StoredObject(o.Key, o.Value.Length)).OrderBy(o => o.Name, StringComparer.Ordinal).ToArray();

    /// <inheritdoc/>
    public override ValueTask DeleteAsync(string name, CancellationToken cancellation = default)
    {
        StoreName.Check(name);
        _objects.TryRemove(name, out _);
        return ValueTask.CompletedTask;
    }
}
