using Cep.Engine.Connectors;
using Cep.Engine.State;
using Cep.Engine.Streams;
using Cep.Engine.Time;
using Cep.Engine.Timers;

static class SilentSensors
{
    static readonly Reading[] Readings = [new("a", 20, 0), new("b", 19, 1_000), new("a", 21, 50_000), new("a", 22, 100_000)];

    public static void Run(TextWriter console)
    {
        var environment = new StreamEnvironment();
        var sink = new MemorySink<string>();
        environment.From(new MemorySource<Reading>("readings", Readings, reading => reading.AtMs, WatermarkStrategy.Monotonous))
            .KeyBy(reading => reading.Sensor)
            .Process(() => new Silence()).Uid("silence")
            .To(sink);
        environment.Run();
        foreach (var line in sink.Values) console.WriteLine(line);
    }

    record Reading(string Sensor, double Value, long AtMs);

    /// <summary>Tells when a sensor has said nothing for a minute, and what it said last.</summary>
    class Silence : KeyedProcessFunction<string, Reading, string>
    {
        private ValueState<Reading> _last = null!;

        public override void Open(StateContext context) => _last = context.State(new ValueStateDescriptor<Reading>("last"));

        public override void ProcessElement(Reading reading, KeyedContext<string> context, Collector<string> output)
        {
            if (_last.TryGet(out var before)) context.DeleteEventTimer(before.AtMs + 60_000);
            _last.Value = reading;
            context.RegisterEventTimer(reading.AtMs + 60_000);
        }

        public override void OnTimer(long timeMs, TimerDomain domain, KeyedContext<string> context, Collector<string> output) =>
            output.Emit($"{context.Key} is silent since {_last.Value!.AtMs / 1000} s, at {_last.Value.Value}");
    }
}
