using System.Runtime.CompilerServices;
using Cep.Engine.Streams;

namespace Cep.Engine.Runtime;

/// <summary>The size of the unit in which data moves.</summary>
internal static class Batch
{
    /// <summary>The records of a full batch.</summary>
    public const int Capacity = 512;
}

/// <summary>Some records on their way to one subtask, in sequence order. Pooled: whoever takes it from a channel returns it.</summary>
internal sealed class Batch<T>
{
    private readonly StreamRecord<T>[] _records = new StreamRecord<T>[Batch.Capacity];

    public int Count { get; private set; }

    public bool IsFull => Count == Batch.Capacity;

    public ReadOnlySpan<StreamRecord<T>> Records => _records.AsSpan(0, Count);

    public void Add(in StreamRecord<T> record) => _records[Count++] = record;

    public void Clear()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) Array.Clear(_records, 0, Count);
        Count = 0;
    }
}
