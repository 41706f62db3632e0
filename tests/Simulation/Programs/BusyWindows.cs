using Cep.Engine.State;
using Cep.Engine.Streams;
using Cep.Engine.Streams.Windows;
using Cep.Engine.Timers;
using Cep.Simulation.World;

namespace Cep.Simulation.Programs;

/// <summary>Counts words by window, and takes the commonest of each: two operators, one behind the other.</summary>
internal sealed class BusyWindows(IReadOnlyList<SimulatedInput> inputs, bool slides) : StreamProgram(inputs)
{
    private const long SizeMs = 100;

    public override IReadOnlyList<string> Outputs => ["windows", "commonest"];

    public override bool IsOrdered(string output) => true;

    protected override void Define(SourceStream<Token>[] sources, ProgramPlace place)
    {
        WindowAssigner windows = slides
            ? WindowAssigner.Sliding(TimeSpan.FromMilliseconds(SizeMs), TimeSpan.FromMilliseconds(SizeMs / 2))
            : WindowAssigner.Tumbling(TimeSpan.FromMilliseconds(SizeMs));
        OperatorStream<Count> counts = All(sources).KeyBy(r => r.Word).Window(windows)
            .Aggregate(new Counting(place.Faults), (word, window, count) => new Count(word, window.StartMs, count)).Uid("windows");
        counts.To(place.SinkOf<Count>("windows", count => count.ToString()), "windows");
        counts.KeyBy(c => $"{c.StartMs}").Process(() => new Commonest(place)).Uid("commonest").To(place.SinkOf<string>("commonest", line => line), "commonest");
    }

    private sealed record Count(string Word, long StartMs, int Records);

    private sealed class Counting(CodeFaults faults) : AggregateFunction<Token, int, int>
    {
        public override int Create() => 0;

        public override int Add(int accumulator, Token value)
        {
            faults.Hit();
            return accumulator + 1;
        }

        public override int ResultOf(int accumulator) => accumulator;

        public override int Merge(int first, int second) => first + second;
    }

    private sealed class Commonest(ProgramPlace place) : WatchedFunction<Count, string>(place)
    {
        private ValueState<Count> _first = null!;

        public override void Open(StateContext context) => _first = context.State(new ValueStateDescriptor<Count>("first"));

        public override void ProcessElement(Count value, KeyedContext<string> context, Collector<string> output)
        {
            Watch(context);
            if (!_first.TryGet(out Count? first) || value.Records > first.Records || (value.Records == first.Records && string.CompareOrdinal(value.Word, first.Word) < 0))
                _first.Value = value;
            context.RegisterEventTimer(value.StartMs + 2 * SizeMs);
        }

        public override void OnTimer(long timeMs, TimerDomain domain, KeyedContext<string> context, Collector<string> output)
        {
            Watch(timeMs, domain, context);
            output.Emit($"{context.Key} {_first.Value!.Word} {_first.Value.Records}");
            _first.Clear();
        }
    }
}
