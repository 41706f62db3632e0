using Cep.Engine.Connectors;
using Cep.Events;
using Cep.Streaming.Throttling;

namespace Cep.Streaming.Quarantine;

/// <summary>
/// Takes the errors of rules and the swaps, and writes the first error of each rule to a sink. What the sink thread remembers is kept in checkpoints with it, whatever the sink: which rules have failed, and
/// which alerts are held back.
/// </summary>
/// <param name="order">Which rules have failed.</param>
/// <param name="throttle">Which alerts are held back.</param>
/// <param name="sink">Where the errors go; null for nowhere.</param>
internal sealed class ErrorSink(QuarantineOrder order, AlertThrottle throttle, Sink<RuleError>? sink) : TransactionalSink<OrderedError>(sink?.Name ?? "errors")
{
    private readonly TransactionalSink<RuleError>? _transactional = sink as TransactionalSink<RuleError>;

    public override bool IsInteractive => sink?.IsInteractive ?? false;

    public override void Open() => sink?.Open();

    public override void Write(in OrderedError value)
    {
        if (value.SwappedTo is { } rules)
        {
            order.Swap(rules);
            throttle.Swap(rules);
        }
        else if (order.Add(value))
        {
            sink?.Write(value.Error!);
        }
    }

    public override void Flush() => sink?.Flush();

    public override void Close() => sink?.Close();

    public override void Restore(ReadOnlySpan<byte> handle)
    {
        if (handle.IsEmpty)
        {
            order.Clear();
            throttle.Clear();
            _transactional?.Restore(handle);
            return;
        }
        var input = new EventBinaryInput(handle.ToArray());
        var ofSink = input.Bytes(input.Number(input.Left, "length of the handle"));
        order.Read(input);
        throttle.Read(input);
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
        throttle.Write(handle);
        return handle.Written.ToArray();
    }

    public override void Commit(long checkpointId) => _transactional?.Commit(checkpointId);
}
