using System.Buffers;
using System.Buffers.Binary;

namespace Cep.Engine.Connectors;

/// <summary>Writes each value as one line, ended by LF, to a file whose readers never see a line that a restart could write again.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <remarks>
/// Lines wait in the file <c>PATH.staged</c> until a checkpoint that holds them is complete. A job that goes on from a checkpoint goes on in the same file;
/// where that was moved away, a new one begins. A job that begins from nothing empties the file.
/// </remarks>
public sealed class TransactionalLineSink<T> : TransactionalSink<T>
{
    private const int BufferBytes = 64 * 1024;

    private readonly string _path;
    private readonly LineFormat<T> _format;
    private readonly ArrayBufferWriter<byte> _buffer = new(BufferBytes);
    private readonly Queue<(long CheckpointId, long Length)> _preCommitted = [];
    private StagedFile? _file;

    /// <summary>Describes the sink; nothing is opened yet.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="format">Writes one value.</param>
    public TransactionalLineSink(string path, LineFormat<T> format)
        : base(path)
    {
        ArgumentNullException.ThrowIfNull(format);
        _path = path;
        _format = format;
    }

    /// <inheritdoc/>
    public override void Open()
    {
        _buffer.ResetWrittenCount();
        _preCommitted.Clear();
        _file = new StagedFile(_path);
    }

    /// <inheritdoc/>
    public override void Restore(ReadOnlySpan<byte> handle)
    {
        if (handle.IsEmpty)
            _file!.Clear();
        else if (_file!.IsNew)
            _file.Replace(BinaryPrimitives.ReadInt64LittleEndian(handle));
        else
            _file.Restore(BinaryPrimitives.ReadInt64LittleEndian(handle));
    }

    /// <inheritdoc/>
    public override void Write(in T value)
    {
        _format(_buffer, value);
        _buffer.GetSpan(1)[0] = (byte)'\n';
        _buffer.Advance(1);
        if (_buffer.WrittenCount >= BufferBytes) StageBuffer();
    }

    /// <inheritdoc/>
    public override byte[] PreCommit(long checkpointId)
    {
        StageBuffer();
        _file!.Sync();
        _preCommitted.Enqueue((checkpointId, _file.TotalBytes));
        byte[] handle = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(handle, _file.TotalBytes);
        return handle;
    }

    /// <inheritdoc/>
    public override void Commit(long checkpointId)
    {
        while (_preCommitted.TryPeek(out (long CheckpointId, long Length) next) && next.CheckpointId <= checkpointId)
        {
            _file!.Commit(next.Length);
            _preCommitted.Dequeue();
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        using StagedFile? file = _file;
        _file = null;
        if (file is not null && _buffer.WrittenCount == 0 && file.CommittedBytes == file.TotalBytes) file.Complete();
    }

    private void StageBuffer()
    {
        ReadOnlySpan<byte> written = _buffer.WrittenSpan;
        _buffer.ResetWrittenCount();
        _file!.Stage(written);
    }
}
