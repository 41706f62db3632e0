using Cep.Engine.State;
using Cep.Engine.Streams;
using Cep.Engine.Timers;
using Cep.Simulation.World;

namespace Cep.Simulation.Programs;

/// <summary>Gathers what comes of a word until it is silent for a while: lists, maps, and timers that are set and taken back.</summary>
internal sealed class WordVisits(IReadOnlyList<SimulatedInput> inputs) : StreamProgram(inputs)
{
    private const long SilenceMs = 70;

    public override IReadOnlyList<string> Outputs => ["visits"];

    public override bool IsOrdered(string output) => true;

    protected override void Define(SourceStream<Token>[] sources, ProgramPlace place) =>
        All(sources).KeyBy(r => r.Word).Process(() => new Visits(place)).Uid("visits").To(place.SinkOf<string>("visits", line => line), "visits");

    /// <summary>Records come in the order in which they arrive, and how far the watermark is then depends on where epochs end: so each waits for a timer of its own time.</summary>
    private sealed class Visits(ProgramPlace place) : WatchedFunction<Token, string>(place)
    {
        private MapState<long, string> _waiting = null!;
        private ListState<string> _visit = null!;
        private ReducingState<long> _newest = null!;
        private ValueState<long> _end = null!;

        public override void Open(StateContext context)
        {
            _waiting = context.State(new MapStateDescriptor<long, string>("waiting"));
            _visit = context.State(new ListStateDescriptor<string>("visit"));
            _newest = context.State(new ReducingStateDescriptor<long>("newest", Math.Max));
            _end = context.State(new ValueStateDescriptor<long>("end"));
        }

        public override void ProcessElement(Token value, KeyedContext<string> context, Collector<string> output)
        {
            Watch(context);
            _waiting[value.TimeMs] = _waiting.TryGet(value.TimeMs, out string? before) ? $"{before} {value.Number}" : $"{value.Number}";
            context.RegisterEventTimer(value.TimeMs);
        }

        public override void OnTimer(long timeMs, TimerDomain domain, KeyedContext<string> context, Collector<string> output)
        {
            Watch(timeMs, domain, context);
            if (_waiting.TryGet(timeMs, out string? numbers)) Extend(timeMs, numbers, context);
            else if (_end.TryGet(out long end) && end == timeMs) End(context.Key, output);
        }

        private void Extend(long timeMs, string numbers, KeyedContext<string> context)
        {
            _waiting.Remove(timeMs);
            _visit.Add(numbers);
            _newest.Add(timeMs);
            // The same timer may be that of a record.
            if (_end.TryGet(out long end) && !_waiting.TryGet(end, out _)) context.DeleteEventTimer(end);
            context.RegisterEventTimer(_end.Value = timeMs + SilenceMs);
        }

        private void End(string word, Collector<string> output)
        {
            _newest.TryGet(out long newest);
            output.Emit($"{word} until {newest}: {string.Join(", ", _visit.Items.ToArray())}");
            _visit.Clear();
            _newest.Clear();
            _end.Clear();
        }
    }
}
