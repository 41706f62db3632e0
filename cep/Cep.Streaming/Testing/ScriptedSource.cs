using Cep.Engine.Connectors;
using Cep.Engine.Time;
using Cep.Rules.Testing;

namespace Cep.Streaming.Testing;

/// <summary>Reads the steps of a test up to one of them: events of all streams in the order in which they come, with a watermark for each stream.</summary>
/// <param name="script">The steps.</param>
/// <param name="end">Before which step it ends.</param>
internal sealed class ScriptedSource(TestScript script, int end)
    : Source<StreamEvent>("test", WatermarkStrategy.Custom<StreamEvent>(() => static (in StreamEvent _, long _) => null))
{
    private int _next;

    public override bool CanResume => true;

    /// <summary>A restart is not the end of time, and neither is the end of a test.</summary>
    public override bool EndsTime => false;

    /// <summary>The step that comes next.</summary>
    public override SourcePosition Position => new(_next, 0);

    public override void Read(SourceOutput<StreamEvent> output, CancellationToken stop)
    {
        var from = output.ResumeFrom?.Offset ?? 0;
        var time = script.NewTime();
        for (_next = 0; _next < end;)
        {
            stop.ThrowIfCancellationRequested();
            var step = _next++;
            Take(step, time, step >= from ? output : null);
            output.RaiseWatermark(time.WatermarkMs);
        }
        if (end == script.Steps.Count)
            output.RaiseWatermark(script.EndMs);
    }

    /// <param name="step">The step.</param>
    /// <param name="time">Time before it, and then after it.</param>
    /// <param name="output">Takes the event; null where it was handed on before the restart.</param>
    private void Take(int step, TestTime time, SourceOutput<StreamEvent>? output)
    {
        switch (script.Steps[step])
        {
            case TestAdvance advance:
                time.Advance(advance.ToMs);
                break;
            case TestEvent e:
                var value = script.Events[step];
                var atMs = RuleTest.OriginMs + e.AtMs;
                if (time.Observe(value.Stream, e, out var watermarkMs))
                    output?.EmitLate(value, atMs, watermarkMs);
                else
                    output?.Emit(value, atMs);
                break;
        }
    }
}
