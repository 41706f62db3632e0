using Cep.Engine.Connectors;
using Cep.Events;
using Cep.Streaming.Matches;

namespace Cep.Streaming.Quarantine;

/// <summary>Takes the errors of rules, and writes the first of each to a sink. What has failed is kept in checkpoints, whatever the sink.</summary>
internal sealed class ErrorSink(QuarantineOrder order, Sink<RuleError>? sink) : TransactionalSink<OrderedError>(sink?.Name ?? "errors")
{
    private readonly TransactionalSink<RuleError>? _transactional = sink as TransactionalSink<RuleError>;

    public override bool IsInteractive => sink?.IsInteractive ?? false;

    public override void Open() => sink?.Open();

    public override void Write(in OrderedError value)
    {
        if (value.SwappedTo is { } rules)
            order.Swap(rules);
        else if (order.Add(value))
            sink?.Write(value.Error!);
    }

    public override void Flush() => sink?.Flush();

    public override void Close() => sink?.Close();

    public override void Restore(ReadOnlySpan<byte> handle)
    {
        if (handle.IsEmpty)
        {
            order.Clear();
            _transactional?.Restore(handle);
            return;
        }
        var input = new EventBinaryInput(handle.ToArray());
        var ofSink = input.Bytes(input.Number(input.Left, "length of the handle"));
        order.Read(input);
        _transactional?.Restore(ofSink);
    }

    public override byte[] PreCommit(long checkpointId)
    {
        var ofSink = _transactional?.PreCommit(checkpointId) ?? [];
        if (_transactional is null)
            sink?.Flush();
        var handle = new EventBinaryOutput();
        handle.Unsigned((ulong)ofSink.Length);
        handle.Bytes(ofSink);
        order.Write(handle);
        return handle.Written.ToArray();
    }

    public override void Commit(long checkpointId) => _transactional?.Commit(checkpointId);
}

/// <summary>Writes to a sink what is not after its rule's failure.</summary>
internal sealed class CutSink(QuarantineOrder order, Sink<Match> sink) : Sink<Match>(sink.Name)
{
    public override bool IsInteractive => sink.IsInteractive;

    public override void Open() => sink.Open();

    public override void Write(in Match value)
    {
        if (order.Passes(value))
            sink.Write(value);
    }

    public override void Flush() => sink.Flush();

    public override void Close() => sink.Close();
}

/// <inheritdoc cref="CutSink"/>
internal sealed class TransactionalCutSink(QuarantineOrder order, TransactionalSink<Match> sink) : TransactionalSink<Match>(sink.Name)
{
    public override bool IsInteractive => sink.IsInteractive;

    public override void Open() => sink.Open();

    public override void Write(in Match value)
    {
        if (order.Passes(value))
            sink.Write(value);
    }

    public override void Flush() => sink.Flush();

    public override void Close() => sink.Close();

    public override void Restore(ReadOnlySpan<byte> handle) => sink.Restore(handle);

    public override byte[] PreCommit(long checkpointId) => sink.PreCommit(checkpointId);

    public override void Commit(long checkpointId) => sink.Commit(checkpointId);
}
