using Cep.Engine.Checkpoints;

namespace Cep.Engine.Tests.Support;

/// <summary>A store on a bad day: writes that fail, that succeed and say they failed, that leave half an object, or that keep a wrong bit and say nothing.</summary>
internal sealed class FaultyCheckpointStore(int seed, double faultRate) : CheckpointStore
{
    private readonly Random _random = new(seed);

    /// <summary>Where objects lie in truth. Default: a memory of its own.</summary>
    public CheckpointStore Inner { get; init; } = new MemoryCheckpointStore();

    /// <summary>What a slow write waits for. Default: another thread.</summary>
    public Func<ValueTask> WhenSlow { get; init; } = async () => await Task.Yield();

    /// <summary>The faults so far, by kind.</summary>
    public Dictionary<string, int> Faults { get; } = [];

    /// <summary>Whether wrong bits are among the faults.</summary>
    public bool FlipsBits { get; init; }

    public override async ValueTask WriteAsync(string name, IReadOnlyList<ReadOnlyMemory<byte>> content, CancellationToken cancellation = default)
    {
        switch (Next())
        {
            case 0:
                Fault("not written");
                throw new CheckpointStoreException($"'{name}' was not written, on purpose.");
            case 1:
                Fault("written, but said not to be");
                await Inner.WriteAsync(name, content, cancellation);
                throw new CheckpointStoreException($"'{name}' was written, but nobody knows.");
            case 2:
                Fault("half written");
                await Inner.WriteAsync(name, [Joined(content).AsMemory(0, content.Sum(c => c.Length) / 2)], cancellation);
                throw new CheckpointStoreException($"'{name}' was half written.");
            case 3 when FlipsBits:
                Fault("wrong bit");
                byte[] bytes = Joined(content);
                lock (_random) bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
                await Inner.WriteAsync(name, [bytes], cancellation);
                break;
            case 4:
                Fault("slow");
                await WhenSlow();
                await Inner.WriteAsync(name, content, cancellation);
                break;
            default:
                await Inner.WriteAsync(name, content, cancellation);
                break;
        }
    }

    public override Stream? OpenRead(string name) => Inner.OpenRead(name);

    public override IReadOnlyList<StoredObject> List(string prefix) => Inner.List(prefix);

    public override ValueTask DeleteAsync(string name, CancellationToken cancellation = default)
    {
        if (Next() != 0) return Inner.DeleteAsync(name, cancellation);
        Fault("not deleted");
        throw new CheckpointStoreException($"'{name}' was not deleted, on purpose.");
    }

    private int Next()
    {
        lock (_random) return _random.NextDouble() < faultRate ? _random.Next(5) : -1;
    }

    private void Fault(string kind)
    {
        lock (_random) Faults[kind] = Faults.GetValueOrDefault(kind) + 1;
    }

    private static byte[] Joined(IReadOnlyList<ReadOnlyMemory<byte>> content) => [.. content.SelectMany(c => c.ToArray())];
}
