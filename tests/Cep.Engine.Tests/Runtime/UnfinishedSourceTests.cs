using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Runtime;

/// <summary>A source that is read to an end that is not the end of its time, and that says itself how time goes.</summary>
public class UnfinishedSourceTests
{
    private static readonly Event[] Events = [new("a", 10, 0), new("a", 20, 1), new("a", 30, 2), new("a", 40, 3)];

    [Fact]
    public void Its_end_lets_no_deadline_pass()
    {
        Assert.Equal(["a@10 is number 1", "a@20 is number 2"], Counted(new Piece(Events, 4, endsTime: false)));
        Assert.Equal(["a@10 is number 1", "a@20 is number 2", "a@30 is number 3", "a@40 is number 4"], Counted(new Piece(Events, 4, endsTime: true)));
    }

    [Fact]
    public void Job_reads_on_from_where_it_ended()
    {
        var store = new MemoryCheckpointStore();

        Assert.Equal(["a@10#0", "a@20#1", "a@30#2"], Echoed(new Piece(Events, 3, endsTime: false), store));
        Assert.Equal(["a@40#3"], Echoed(new Piece(Events, 4, endsTime: false), store));
        Assert.Empty(Echoed(new Piece(Events, 4, endsTime: true), store));
        Assert.Empty(Echoed(new Piece([.. Events, new("a", 50, 4)], 5, endsTime: true), store));
    }

    [Fact]
    public void Record_that_the_source_calls_late_goes_to_no_operator()
    {
        var job = new TestJob(new Piece(Events, 4, endsTime: true) { LateFrom = 3 });

        Assert.Equal(["a@10#0", "a@20#1", "a@30#2"], job.Run());
        Assert.Equal([new LateRecord<Event>(Events[3], 40, 99, 3, "piece")], job.Late.Values);
        Assert.Equal([new("piece", 4, 1, 0, 0)], job.Result.Sources);
    }

    private static IReadOnlyList<string> Counted(Piece piece) => new TestJob(new JobOptions(), () => new CountByKey(), piece).Run();

    private static IReadOnlyList<string> Echoed(Piece piece, CheckpointStore store)
    {
        var checkpoints = new CheckpointOptions { Store = store, Settings = new CheckpointSettings { IntervalMs = null } };
        return new TestJob(new JobOptions { Checkpoints = checkpoints }, () => new Echo(), piece).Run();
    }

    /// <summary>The first of some events; the watermark is that of the one before the last that was read.</summary>
    private sealed class Piece(Event[] events, int end, bool endsTime)
        : Source<Event>("piece", WatermarkStrategy.Custom<Event>(() => static (in Event _, long _) => null))
    {
        private int _next;

        public int LateFrom { get; init; } = int.MaxValue;

        public override bool CanResume => true;

        public override bool EndsTime => endsTime;

        public override SourcePosition Position => new(_next, 0);

        public override void Read(SourceOutput<Event> output, CancellationToken stop)
        {
            for (_next = (int)(output.ResumeFrom?.Offset ?? 0); _next < end;)
            {
                Event e = events[_next++];
                if (_next > LateFrom) output.EmitLate(e, e.TimestampMs, 99);
                else output.Emit(e, e.TimestampMs);
                output.RaiseWatermark(e.TimestampMs - 20);
            }
        }
    }
}
