using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;

namespace Cep.Cli.State;

/// <summary>How far an input was read.</summary>
/// <param name="Name">The file as it was given.</param>
/// <param name="Offset">Bytes of its content, decompressed, that count as read.</param>
/// <param name="Line">The line that comes next, from 1.</param>
/// <param name="WatermarkMs">Its watermark, Unix milliseconds.</param>
/// <param name="Events">Well-formed events before that place, the late ones too.</param>
/// <param name="IsEnded">Whether it was read to its end.</param>
internal sealed record StoredInput(string Name, long Offset, long Line, long WatermarkMs, long Events, bool IsEnded);

/// <summary>How far the inputs were read when a checkpoint was taken.</summary>
/// <param name="WatermarkMs">Where event time stood, Unix milliseconds.</param>
/// <param name="Inputs">Each input, by name.</param>
internal sealed record StoredInputs(long WatermarkMs, IReadOnlyList<StoredInput> Inputs)
{
    private const string Uid = "sources";

    /// <summary>Events of all inputs.</summary>
    public long Events => Inputs.Sum(i => i.Events);

    /// <summary>Whether every input was read to its end.</summary>
    public bool HaveEnded => Inputs.All(i => i.IsEnded);

    /// <summary>Reads them, and nothing else of the checkpoint.</summary>
    /// <exception cref="CorruptSnapshotException">They are damaged.</exception>
    /// <exception cref="CheckpointStoreException">They could not be read.</exception>
    public static StoredInputs Read(CheckpointStore store, Manifest manifest)
    {
        var sources = manifest with { Operators = manifest.Operators.Where(o => o.Uid == Uid).ToList() };
        return Of(Snapshot.Verify(store, sources));
    }

    /// <summary>Reads them of a checkpoint that was verified.</summary>
    public static StoredInputs Of(Snapshot snapshot)
    {
        using var reader = snapshot.ReaderOf(Uid, new KeyGroupRange(0, KeyGroupAssignment.KeyGroups - 1));
        var (watermarkMs, inputs) = (long.MinValue, new SortedDictionary<string, StoredInput>(StringComparer.Ordinal));
        while (reader.Next(out var entry))
        {
            if (!FieldSchema.TryRead(entry.State.Key, entry.Key, out var key) || !FieldSchema.TryRead(entry.State.Value, entry.Value, out var fields))
                throw new CorruptSnapshotException(Uid, $"its state {entry.State.Name} is not what its schema says");
            var values = fields.ToDictionary(f => f.Name, f => f.Value);
            if (key is [(_, string name)])
                inputs[name] = new StoredInput(name, Long("offset"), Long("line"), Long("watermark"), Long("records"), values.GetValueOrDefault("ended") is true);
            else
                watermarkMs = Long("watermark");

            long Long(string field) => values.GetValueOrDefault(field) is long value ? value : 0;
        }
        return new StoredInputs(watermarkMs, [.. inputs.Values]);
    }
}
