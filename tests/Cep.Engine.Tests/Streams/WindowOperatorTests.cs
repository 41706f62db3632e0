using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.State;
using Cep.Engine.Streams;
using Cep.Engine.Streams.Windows;
using Cep.Engine.Tests.Support;
using Xunit;

namespace Cep.Engine.Tests.Streams;

public class WindowOperatorTests
{
    private static readonly OutputTag<string> Late = new("late");
    private static readonly TimeSpan Ten = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void A_window_gives_its_result_when_the_watermark_reaches_its_last_millisecond() => Check(
        WindowAssigner.Tumbling(Ten), lateness: 0,
        [new(["a1@0", "a2@9", "b4@3"], 8), new(["a8@10"], 9), new([], 18), new([], 19)],
        ["b [0, 10): 4", "a [0, 10): 3", "a [10, 20): 8"]);

    [Fact]
    public void A_record_is_in_every_window_that_slides_over_it() => Check(
        WindowAssigner.Sliding(Ten, TimeSpan.FromMilliseconds(4)), lateness: 0,
        [new(["a1@0", "a2@5"], 100)],
        ["a [-8, 2): 1", "a [-4, 6): 3", "a [0, 10): 3", "a [4, 14): 2"]);

    [Fact]
    public void Windows_further_apart_than_their_size_leave_records_out() => Check(
        WindowAssigner.Sliding(TimeSpan.FromMilliseconds(2), Ten), lateness: 0,
        [new(["a1@0", "a2@1", "a4@2", "a8@11"], 100)],
        ["a [0, 2): 3", "a [10, 12): 8"]);

    [Fact]
    public void Windows_may_begin_elsewhere_and_before_the_start_of_time() => Check(
        WindowAssigner.Tumbling(Ten, TimeSpan.FromMilliseconds(3)), lateness: 0,
        [new(["a1@-8", "a2@-7", "a4@2", "a8@3"], 100)],
        ["a [-17, -7): 1", "a [-7, 3): 6", "a [3, 13): 8"]);

    [Fact]
    public void A_record_within_the_allowed_lateness_gives_the_result_anew_and_a_later_one_is_late() => Check(
        WindowAssigner.Tumbling(Ten), lateness: 5,
        [new(["a1@0"], 9), new(["a2@1"], 13), new(["a4@2"], 14), new(["a8@3", "a16@12"], 50)],
        ["a [0, 10): 1", "a [0, 10): 3", "a [0, 10): 7", "a [10, 20): 16", "late a8@3"]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Output_is_the_same_straight_checkpointed_and_restored_at_other_parallelism(int seed)
    {
        var random = new Random(seed);
        var epochs = Enumerable.Range(0, 50).Select(i => new Stretch(
            [.. Enumerable.Range(0, random.Next(20)).Select(n => $"k{random.Next(12)}:{n}@{i * 10 - 40 + random.Next(50)}")], i * 10 - 10 + random.Next(8))).ToList();
        epochs.Add(new([], long.MaxValue));
        for (int function = 0; function < 3; function++)
        {
            int at = function;
            foreach (WindowAssigner assigner in new[] { WindowAssigner.Tumbling(Ten), WindowAssigner.Sliding(2 * Ten, 0.7 * Ten) })
            {
                List<string> output = Harness(assigner, lateness: 6, epochs, () => Functions().ElementAt(at)).CheckAllWays(seed);
                Assert.Contains(output, line => line.StartsWith("late ", StringComparison.Ordinal));
            }
        }
    }

    private static IEnumerable<WindowFunction<string, string, string>> Functions()
    {
        yield return WindowFunction.Reduce<string, string, string>((a, b) => $"{a},{b}", (key, window, all) => $"{key} {window}: {all}");
        yield return WindowFunction.Aggregate<string, string, int, int, string>(new CountRecords(), (key, window, count) => $"{key} {window}: {count}");
        yield return WindowFunction.Process<string, string, string>((key, window, records, output) =>
        {
            foreach (string record in records) output.Emit($"{key} {window}: {record}");
        });
    }

    private sealed record Stretch(string[] Records, long WatermarkMs);

    private static void Check(WindowAssigner assigner, long lateness, Stretch[] epochs, string[] expected)
    {
        var sum = () => WindowFunction.Aggregate<string, string, long, long, string>(new Sum(), (key, window, total) => $"{key} {window}: {total}");
        Assert.Equal(expected, Harness(assigner, lateness, epochs, sum).CheckAllWays(0));
    }

    private static OperatorHarness<string, string> Harness(
        WindowAssigner assigner, long lateness, IReadOnlyList<Stretch> epochs, Func<WindowFunction<string, string, string>> create)
    {
        var options = new WindowOptions<string> { AllowedLateness = TimeSpan.FromMilliseconds(lateness), LateTag = Late };
        return new OperatorHarness<string, string>(
            v => StableHash.Of(KeyOf(v)),
            () => new WindowOperator<string, string, string>(KeyOf, assigner, create(), options),
            Late,
            [.. epochs.Select(e => new Epoch<string>([.. e.Records.Select(r => (r, TimeOf(r)))], 0, e.WatermarkMs))]);
    }

    private static string KeyOf(string record) => record.StartsWith('k') ? record.Split(':')[0] : record[..1];

    private static long TimeOf(string record) => long.Parse(record.Split('@')[1], System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Sum : AggregateFunction<string, long, long>
    {
        public override long Create() => 0;

        public override long Add(long accumulator, string value) => accumulator + long.Parse(value[1..].Split('@')[0], System.Globalization.CultureInfo.InvariantCulture);

        public override long ResultOf(long accumulator) => accumulator;

        public override long Merge(long first, long second) => first + second;
    }

    private sealed class CountRecords : AggregateFunction<string, int, int>
    {
        public override int Create() => 0;

        public override int Add(int accumulator, string value) => accumulator + 1;

        public override int ResultOf(int accumulator) => accumulator;

        public override int Merge(int first, int second) => first + second;
    }
}
