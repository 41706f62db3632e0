using System.Buffers.Binary;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>The entries that go to the disk with one write, in the form they have there, and who waits for them.</summary>
internal sealed class AppendGroup
{
    private const int FirstBytes = 64 * 1024;

    // A larger buffer is not kept when it has been written.
    private const int KeptBytes = 1024 * 1024;

    private readonly List<AppendRequest> _requests = [];
    private byte[] _buffer = new byte[FirstBytes];
    private int _end = EventLogFormat.GroupHeaderBytes;

    /// <summary>How many entries.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of the entries, each with its length.</summary>
    public int BodyBytes => _end - EventLogFormat.GroupHeaderBytes;

    public IReadOnlyList<AppendRequest> Requests => _requests;

    public void Add(AppendRequest request)
    {
        _requests.Add(request);
        Reserve(request.Bytes);
        for (int i = 0; i < request.Count; i++) Add(request[i].Span);
    }

    /// <summary>Puts the header before the entries.</summary>
    public ReadOnlySpan<byte> Seal(uint salt, long firstOffset, long timeMs)
    {
        Span<byte> group = _buffer.AsSpan(0, _end);
        EventLogFormat.SealGroup(group, salt, firstOffset, timeMs, Count);
        return group;
    }

    public void Clear()
    {
        _requests.Clear();
        Count = 0;
        _end = EventLogFormat.GroupHeaderBytes;
        if (_buffer.Length > KeptBytes) _buffer = new byte[FirstBytes];
    }

    private void Add(ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_end), payload.Length);
        payload.CopyTo(_buffer.AsSpan(_end + EventLogFormat.LengthBytes));
        _end += EventLogFormat.LengthBytes + payload.Length;
        Count++;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _end >= bytes) return;
        Array.Resize(ref _buffer, Math.Max(_end + bytes, (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
    }
}
