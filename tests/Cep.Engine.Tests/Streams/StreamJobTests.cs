using System.Text;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.State;
using Cep.Engine.Streams;
using Cep.Engine.Streams.Windows;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Cep.Engine.Timers;
using Xunit;

namespace Cep.Engine.Tests.Streams;

/// <summary>Whole programs: the same output straight, at any parallelism, with checkpoints, failing and restarted.</summary>
public sealed class StreamJobTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cep-streams-").FullName;

    public enum Program
    {
        WordCount,
        CommonestWord,
        Regions,
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Words_are_counted_by_window()
    {
        var counts = new Dictionary<(string, long), int>();
        foreach ((long timeMs, string text) in Lines(0).Concat(Lines(1)))
        {
            long window = (long)Math.Floor(timeMs / 1000.0);
            foreach (string word in text.Split(' ')) counts[(word, window)] = counts.GetValueOrDefault((word, window)) + 1;
        }

        IEnumerable<string> expected = counts.Select(c => $"{c.Key.Item2 * 1000} {c.Key.Item1} {c.Value}").Order(StringComparer.Ordinal);
        Assert.Equal(expected, RunOnce(Program.WordCount, "out", 1, null).TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Output_is_the_same_at_any_parallelism(Program program)
    {
        string expected = RunOnce(program, "1", 1, null);
        Assert.NotEmpty(expected);
        foreach (int parallelism in new[] { 2, 3, 4 }) Assert.Equal(expected, RunOnce(program, $"{parallelism}", parallelism, null));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Output_is_the_same_with_checkpoints_and_after_failures(Program program)
    {
        string expected = RunOnce(program, "expected", 1, null);
        foreach (int parallelism in new[] { 1, 3 })
        {
            var random = new Random(parallelism);
            int failures = 0;
            int left = 2_000;
            string actual = RunOnce(
                program, $"failing {parallelism}", parallelism, Options(new MemoryCheckpointStore(), RestartStrategy.FixedDelay(1000, TimeSpan.Zero)), () =>
                {
                    if (failures >= 6 || Interlocked.Decrement(ref left) != 0) return;
                    left = random.Next(500, 20_000);
                    failures++;
                    throw new InvalidOperationException("on purpose");
                });
            Assert.InRange(failures, 2, 6);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Job_goes_on_at_another_parallelism(Program program)
    {
        string expected = RunOnce(program, "expected", 1, null);
        var store = new MemoryCheckpointStore();
        foreach ((int parallelism, bool fails) in new[] { (1, true), (3, true), (2, false) })
        {
            int left = 25_000;
            Action? fail = fails ? () => { if (Interlocked.Decrement(ref left) == 0) throw new InvalidOperationException("on purpose"); } : null;
            try
            {
                RunOnce(program, "actual", parallelism, Options(store, RestartStrategy.None), fail);
                Assert.False(fails);
            }
            catch (JobException) when (fails)
            {
            }
        }

        Assert.Equal(expected, File.ReadAllText(Path.Combine(_folder, "actual")));
    }

    public static TheoryData<Program> Programs() => [Program.WordCount, Program.CommonestWord, Program.Regions];

    private static CheckpointOptions Options(CheckpointStore store, RestartStrategy restart) =>
        new() { Store = store, Settings = new CheckpointSettings { IntervalMs = 1 }, Restart = restart };

    private string RunOnce(Program program, string output, int parallelism, CheckpointOptions? checkpoints, Action? onWord = null)
    {
        string path = Path.Combine(_folder, output);
        LineFormat<string> format = (System.Buffers.IBufferWriter<byte> line, in string value) => Encoding.UTF8.GetBytes(value, line);
        Sink<string> sink = checkpoints is null ? new LineSink<string>(ByteOutput.File(path), format) : new TransactionalLineSink<string>(path, format);
        var environment = new StreamEnvironment(new JobOptions { Parallelism = parallelism, Checkpoints = checkpoints });
        Define(program, environment, onWord ?? (() => { })).To(sink);
        Assert.Empty(environment.Warnings);
        Task<JobResult> running = environment.RunAsync();
        if (Task.WaitAny([running], Hang.Limit) < 0) throw new TimeoutException("The job hangs.");
        running.GetAwaiter().GetResult();
        return File.ReadAllText(path);
    }

    private static DataStream<string> Define(Program program, StreamEnvironment environment, Action onWord)
    {
        DataStream<string> words = environment.From(Source(0)).Union(environment.From(Source(1))).FlatMap<string>((line, to) =>
        {
            foreach (string word in line.Text.Split(' '))
            {
                onWord();
                to.Emit(word);
            }
        });
        OperatorStream<WordCount> counts = words.KeyBy(word => word).Window(WindowAssigner.Tumbling(TimeSpan.FromSeconds(1)))
            .Aggregate(new Counting(), (word, window, count) => new WordCount(word, window.StartMs, count)).Uid("count");
        return program switch
        {
            Program.WordCount => counts.Map(c => $"{c.StartMs} {c.Word} {c.Count}"),
            Program.CommonestWord => counts.KeyBy(c => c.StartMs).Process(() => new Commonest()).Uid("commonest"),
            _ => Regions(environment, counts),
        };
    }

    /// <summary>An operator that reads from an operator through a chain, and from a source; and a third one behind it.</summary>
    private static OperatorStream<string> Regions(StreamEnvironment environment, DataStream<WordCount> counts)
    {
        DataStream<WordCount> added = environment.From(Source(2)).Map(line => new WordCount(line.Text[..2], line.TimeMs, 1));
        OperatorStream<WordCount> sums = counts.Filter(c => c.Count > 1).Union(added)
            .KeyBy(c => c.Word[0]).Window(WindowAssigner.Sliding(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(2)))
            .Process<WordCount>((first, window, values, to) =>
            {
                var text = new StringBuilder().Append(first);
                // In what order counts and added words come depends on where epochs end, and so on when checkpoints are taken.
                foreach (WordCount value in values.ToArray().OrderBy(v => v.Word, StringComparer.Ordinal).ThenBy(v => v.Count)) text.Append(value.Word).Append(value.Count);
                to.Emit(new WordCount(text.ToString(), window.StartMs, values.Length));
            }).Uid("regions");
        return sums.KeyBy(s => s.Count % 7).Process(() => new Numbered()).Uid("numbered");
    }

    private static MemorySource<Line> Source(int split) =>
        new($"lines {split}", Lines(split), line => line.TimeMs, WatermarkStrategy.BoundedOutOfOrderness(60));

    private static IEnumerable<Line> Lines(int split)
    {
        var random = new Random(split);
        for (int i = 0; i < 6_000; i++)
        {
            IEnumerable<string> words = Enumerable.Range(0, random.Next(1, 6)).Select(_ => $"{(char)('a' + random.Next(26))}{random.Next(9)}");
            yield return new Line(i * 5L * (split + 1) - random.Next(50), string.Join(' ', words));
        }
    }

    private readonly record struct Line(long TimeMs, string Text);

    private sealed record WordCount(string Word, long StartMs, int Count);

    private sealed class Counting : AggregateFunction<string, int, int>
    {
        public override int Create() => 0;

        public override int Add(int accumulator, string value) => accumulator + 1;

        public override int ResultOf(int accumulator) => accumulator;

        public override int Merge(int first, int second) => first + second;
    }

    /// <summary>The word with the highest count of each window, the first by letter of several.</summary>
    private sealed class Commonest : KeyedProcessFunction<long, WordCount, string>
    {
        private ValueState<WordCount> _first = null!;

        public override void Open(StateContext context) => _first = context.State(new ValueStateDescriptor<WordCount>("first"));

        public override void ProcessElement(WordCount value, KeyedContext<long> context, Collector<string> output)
        {
            if (!_first.TryGet(out WordCount? first) || value.Count > first.Count || (value.Count == first.Count && string.CompareOrdinal(value.Word, first.Word) < 0))
                _first.Value = value;
            context.RegisterEventTimer(context.Key + 1500);
        }

        public override void OnTimer(long timeMs, TimerDomain domain, KeyedContext<long> context, Collector<string> output)
        {
            output.Emit($"{context.Key} {_first.Value!.Word} {_first.Value.Count}");
            _first.Clear();
        }
    }

    /// <summary>Numbers what it sees by key, so that the output tells the order in which it came.</summary>
    private sealed class Numbered : KeyedProcessFunction<int, WordCount, string>
    {
        private ValueState<int> _count = null!;

        public override void Open(StateContext context) => _count = context.State(new ValueStateDescriptor<int>("count"));

        public override void ProcessElement(WordCount value, KeyedContext<int> context, Collector<string> output) =>
            output.Emit($"{context.Key}.{++_count.Value}: {value.StartMs} {value.Word} {value.Count}");
    }
}
