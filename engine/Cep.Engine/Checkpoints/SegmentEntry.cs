namespace Cep.Engine.Checkpoints;

/// <summary>What a segment says of one key. The memory is used again at the next entry.</summary>
public readonly ref struct SegmentEntry
{
    /// <summary>The state.</summary>
    public required StateSchema State { get; init; }

    /// <summary>The place of <see cref="State"/> in the states of the reader that gave the entry.</summary>
    public required int StateIndex { get; init; }

    /// <summary>The subtask that wrote the entry, from 0.</summary>
    public required int Subtask { get; init; }

    /// <summary>The key's group, or <see cref="SegmentWriter.NonKeyed"/>.</summary>
    public required int KeyGroup { get; init; }

    /// <summary>The key.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The value; empty in a deletion.</summary>
    public required ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Whether the key has nothing any more.</summary>
    public required bool IsDelete { get; init; }
}
