using System.Collections.Concurrent;

namespace Cep.Engine.Checkpoints;

/// <summary>Keeps checkpoints in memory: they survive the failure of a job, and not that of the process.</summary>
public sealed class MemoryCheckpointStore : CheckpointStore
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    /// <summary>The size of all objects.</summary>
    public long Bytes => _objects.Values.Sum(content => (long)content.Length);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(string name, IReadOnlyList<ReadOnlyMemory<byte>> chunks, CancellationToken cancel)
    {
        var content = new byte[chunks.Sum(chunk => chunk.Length)];
        int at = 0;
        foreach (ReadOnlyMemory<byte> chunk in chunks)
        {
            chunk.CopyTo(content.AsMemory(at));
            at += chunk.Length;
        }

        _objects[name] = content;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask<byte[]?> ReadAsync(string name, CancellationToken cancel) => new(_objects.GetValueOrDefault(name));

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancel) =>
        new([.. _objects.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);

    /// <inheritdoc/>
    public override ValueTask DeleteAsync(string name, CancellationToken cancel)
    {
        _objects.TryRemove(name, out _);
        return ValueTask.CompletedTask;
    }
}
