using Cep.Benchmarks.Streams;
using Cep.Engine.Connectors;
using Cep.Engine.Time;
using Cep.Streaming;

namespace Cep.Benchmarks.Jobs;

/// <summary>Ticks that lie in memory, again and again, in order of time: the i-th event at i + 1 ms.</summary>
internal sealed class TickSource(Tick[] ticks, long events) : Source<StreamEvent>("ticks", WatermarkStrategy.Monotonous)
{
    private long _emitted;

    public override bool CanResume => true;

    public override SourcePosition Position => new(_emitted, 0);

    public override void Read(SourceOutput<StreamEvent> output, CancellationToken stop)
    {
        var at = 0;
        for (_emitted = 0; _emitted < events;)
        {
            output.Emit(new StreamEvent(0, ticks[at]), ++_emitted);
            if (++at == ticks.Length)
                at = 0;
        }
    }
}
