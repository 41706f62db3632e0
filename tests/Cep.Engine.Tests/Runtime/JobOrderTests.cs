using Cep.Engine.Connectors;
using Cep.Engine.Operators;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Cep.Engine.Tests.Support;
using Xunit;

namespace Cep.Engine.Tests.Runtime;

public class JobOrderTests
{
    [Fact]
    public void Every_output_is_the_same_at_any_parallelism()
    {
        Outputs expected = RunAt(1);
        Assert.True(expected.Main.Count > 50_000, "Each record that is not late comes out of two operators.");
        Assert.True(expected.Reminders.Count > 25_000);
        Assert.NotEmpty(expected.Late);
        foreach (int parallelism in new[] { 1, 2, 3, 4, 7, 128 })
        {
            Outputs actual = RunAt(parallelism);
            Assert.Equal(expected.Main, actual.Main);
            Assert.Equal(expected.Reminders, actual.Reminders);
            Assert.Equal(expected.Late, actual.Late);
        }
    }

    [Fact]
    public void What_operators_emit_at_watermarks_is_written_by_time_over_the_whole_run()
    {
        IEnumerable<string> counted = RunAt(3).Main.Where(line => line.Contains("number", StringComparison.Ordinal));
        long[] times = [.. counted.Select(line => long.Parse(line.Split('@', ' ')[1]))];
        Assert.Equal(times.Order(), times);
    }

    private static Outputs RunAt(int parallelism)
    {
        var main = new MemorySink<string>();
        var reminders = new MemorySink<string>();
        var late = new MemorySink<LateRecord<Event>>();
        var tag = new OutputTag<string>("reminders");
        var job = new Job<Event, string>(new JobOptions { Parallelism = parallelism });
        // Splits of unequal length and speed, out of order, with keys in common.
        for (int split = 0; split < 4; split++) job.AddSource(TestJob.Source($"split {split}", 100, Events(split)));
        job.AddOperator("count", new ByKey(), () => new CountByKey())
            .AddOperator("echo", new ByKey(), () => new Echo())
            .AddOperator("remind", new ByKey(), () => new Remind(tag, 1000))
            .WriteTo(main).WriteTo(tag, reminders).WriteLateTo(late).Run();
        return new Outputs(main.Values, reminders.Values, late.Values);
    }

    private static IEnumerable<Event> Events(int split)
    {
        var random = new Random(split);
        return Enumerable.Range(0, 3000 * (split + 1)).Select(i => new Event($"key{random.Next(50)}", i * (5 - split) + random.Next(110), i));
    }

    private sealed record Outputs(IReadOnlyList<string> Main, IReadOnlyList<string> Reminders, IReadOnlyList<LateRecord<Event>> Late);
}
