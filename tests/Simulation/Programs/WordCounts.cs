using Cep.Engine.Connectors;
using Cep.Engine.State;
using Cep.Engine.Streams;
using Cep.Simulation.World;

namespace Cep.Simulation.Programs;

/// <summary>Tells for each record how many of its word there were. What is late goes to an output of its own.</summary>
internal sealed class WordCounts(IReadOnlyList<SimulatedInput> inputs) : StreamProgram(inputs)
{
    public override IReadOnlyList<string> Outputs => ["counts", "late"];

    protected override void Define(SourceStream<Token>[] sources, ProgramPlace place)
    {
        All(sources).KeyBy(r => r.Word).Process(() => new Counting(place)).Uid("count").To(place.SinkOf<string>("counts", line => line), "counts");
        sources[0].Late.Union([.. sources.Skip(1).Select(s => s.Late)]).To(place.SinkOf<LateRecord<Token>>("late", late => $"{late.Value} {late.WatermarkMs}"), "late");
    }

    private sealed class Counting(ProgramPlace place) : WatchedFunction<Token, string>(place)
    {
        private ValueState<int> _count = null!;

        public override void Open(StateContext context) => _count = context.State(new ValueStateDescriptor<int>("count"));

        public override void ProcessElement(Token value, KeyedContext<string> context, Collector<string> output)
        {
            Watch(context);
            output.Emit($"{value} {++_count.Value}");
        }
    }
}
