using Cep.Engine.Connectors;
using Cep.Engine.State;
using Cep.Engine.Streams;
using Cep.Engine.Timers;
using Cep.Simulation.World;

namespace Cep.Simulation.Programs;

/// <summary>Holds each record back for a while, by either clock, over splits that fall silent. What is late depends on the moment; that nothing is lost does not.</summary>
internal sealed class LiveRecords(IReadOnlyList<SimulatedInput> inputs) : StreamProgram(inputs)
{
    public override IReadOnlyList<string> Outputs => ["records"];

    protected override void Define(SourceStream<Token>[] sources, ProgramPlace place)
    {
        DataStream<string> late = sources[0].Late.Union([.. sources.Skip(1).Select(s => s.Late)]).Map(record => $"{record.Value}");
        All(sources).KeyBy(r => r.Word).Process(() => new Held(place)).Uid("held").Union(late).To(place.SinkOf<string>("records", line => line), "records");
    }

    /// <summary>Every record exactly once, late or not.</summary>
    public override string? Difference(string output, IReadOnlyList<string> expected, IReadOnlyList<string> actual) =>
        Difference([.. Inputs.SelectMany(input => input.Records).Select(record => record.ToString())], actual, isOrdered: false);

    private sealed class Held(ProgramPlace place) : WatchedFunction<Token, string>(place)
    {
        private ListState<string> _held = null!;
        private ValueState<long> _eventTimer = null!;
        private ValueState<long> _clockTimer = null!;

        public override void Open(StateContext context)
        {
            _held = context.State(new ListStateDescriptor<string>("held"));
            _eventTimer = context.State(new ValueStateDescriptor<long>("event timer"));
            _clockTimer = context.State(new ValueStateDescriptor<long>("clock timer"));
        }

        public override void ProcessElement(Token value, KeyedContext<string> context, Collector<string> output)
        {
            Watch(context);
            _held.Add(value.ToString());
            if (_held.Items.Length > 1) return;
            context.RegisterEventTimer(_eventTimer.Value = value.TimeMs + 50);
            context.RegisterProcessingTimer(_clockTimer.Value = Math.Max(0, context.ProcessingTimeMs) + 20);
        }

        public override void OnTimer(long timeMs, TimerDomain domain, KeyedContext<string> context, Collector<string> output)
        {
            Watch(timeMs, domain, context);
            foreach (string record in _held.Items.ToArray()) output.Emit(record);
            if (domain == TimerDomain.EventTime) context.DeleteProcessingTimer(_clockTimer.Value);
            else context.DeleteEventTimer(_eventTimer.Value);
            _held.Clear();
        }
    }
}
