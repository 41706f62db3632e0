using Cep.Engine.Streams;
using Cep.Engine.Timers;
using Cep.Simulation.World;

namespace Cep.Simulation.Programs;

/// <summary>A function that sees to it that time goes as promised, and that fails when the world wants it to.</summary>
internal abstract class WatchedFunction<TIn, TOut>(ProgramPlace place) : KeyedProcessFunction<string, TIn, TOut>
{
    private long _watermarkMs = long.MinValue;
    private long _timerMs = long.MinValue;

    protected Guarantees Guarantees => place.Guarantees;

    /// <summary>Called first for each record.</summary>
    protected void Watch(KeyedContext<string> context)
    {
        place.Faults.Hit();
        Guarantees.Check(context.TimestampMs > context.WatermarkMs, $"A record of {context.TimestampMs} came behind the watermark {context.WatermarkMs}.");
        Advance(context);
    }

    /// <summary>Called first for each timer.</summary>
    protected void Watch(long timeMs, TimerDomain domain, KeyedContext<string> context)
    {
        place.Faults.Hit();
        Advance(context);
        if (domain != TimerDomain.EventTime) return;
        Guarantees.Check(timeMs <= context.WatermarkMs, $"A timer of {timeMs} fired at the watermark {context.WatermarkMs}.");
        Guarantees.Check(timeMs >= _timerMs, $"A timer of {timeMs} fired after one of {_timerMs}.");
        _timerMs = timeMs;
    }

    private void Advance(KeyedContext<string> context)
    {
        Guarantees.Check(context.WatermarkMs >= _watermarkMs, $"The watermark went back from {_watermarkMs} to {context.WatermarkMs}.");
        _watermarkMs = context.WatermarkMs;
    }
}
