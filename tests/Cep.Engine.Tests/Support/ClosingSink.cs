using Cep.Engine.Connectors;

namespace Cep.Engine.Tests.Support;

/// <summary>Calls something with each value, and when all is written: the job runs still, and nothing is counted any more.</summary>
internal sealed class ClosingSink<T>(Action<T> onWrite, Action onClose) : Sink<T>("closing")
{
    public override void Write(in T value) => onWrite(value);

    public override void Close() => onClose();
}
