using System.Threading.Tasks.Sources;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>One batch on its way to the disk, and who waits for it. Used again once it has been answered and the answer was taken.</summary>
internal sealed class AppendRequest(AppendQueue owner) : IValueTaskSource<long>
{
    private ManualResetValueTaskSourceCore<long> _core = new() { RunContinuationsAsynchronously = true };
    private ReadOnlyMemory<byte> _one;
    private IReadOnlyList<ReadOnlyMemory<byte>>? _many;

    /// <summary>How many entries.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes they take in a group.</summary>
    public int Bytes { get; private set; }

    /// <summary>The offset of the first of them, once they have a place.</summary>
    public long FirstOffset { get; set; }

    public ReadOnlyMemory<byte> this[int i] => _many is null ? _one : _many[i];

    public ValueTask<long> Task => new(this, _core.Version);

    public void Begin(in AppendBatch batch) => (_one, _many, Count, Bytes) = (batch.One, batch.Many, batch.Count, (int)batch.Bytes);

    /// <summary>The entries are copied; the caller's memory is its own again.</summary>
    public void LetGo() => (_one, _many) = (default, null);

    public void Succeed() => _core.SetResult(FirstOffset);

    public void Fail(Exception why) => _core.SetException(why);

    public long GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            owner.Return(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}

/// <summary>Entries that are to be appended together: one, or several.</summary>
internal readonly struct AppendBatch
{
    public AppendBatch(ReadOnlyMemory<byte> one) => (One, Count, Bytes, Longest) = (one, 1, EventLogFormat.LengthBytes + (long)one.Length, one.Length);

    public AppendBatch(IReadOnlyList<ReadOnlyMemory<byte>> many)
    {
        (Many, Count) = (many, many.Count);
        for (int i = 0; i < Count; i++)
        {
            Bytes += EventLogFormat.LengthBytes + (long)many[i].Length;
            Longest = Math.Max(Longest, many[i].Length);
        }
    }

    public ReadOnlyMemory<byte> One { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>>? Many { get; }

    public int Count { get; }

    /// <summary>The bytes they take in a group.</summary>
    public long Bytes { get; }

    /// <summary>The length of the longest.</summary>
    public int Longest { get; }
}
