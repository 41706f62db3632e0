using System.Buffers;
using System.Text;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Cep.Engine.Time;
using Cep.Matching;
using Cep.Patterns;
using Cep.Streaming.Streams;

namespace Cep.Streaming.Tests.Streams;

public sealed class PatternStreamTests : IDisposable
{
    private const long DelayMs = 400;

    private static readonly Pattern CardTesting = Pattern.Begin<Payment>("probe").Where(p => p.Amount < 5).TimesOrMore(3)
        .FollowedBy("hit").Where((p, m) => p.Amount > 10 * m["probe"].Average(x => x.Amount))
        .Within(TimeSpan.FromSeconds(2))
        .Build();

    private static readonly Pattern Silence = Pattern.Begin<Payment>("first").Where(p => p.Amount > 90)
        .NotFollowedBy("other").Where(p => p.Amount > 50)
        .Within(TimeSpan.FromMilliseconds(700))
        .Build();

    private readonly string _folder = Directory.CreateTempSubdirectory("cep-patterns-").FullName;

    public enum Which
    {
        CardTesting,
        Silence,
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Which.CardTesting, 1)]
    [InlineData(Which.CardTesting, 3)]
    [InlineData(Which.Silence, 2)]
    public void Matches_are_those_of_a_matcher_over_the_events_in_order(Which which, int parallelism)
    {
        var matcher = PatternMatcher<Payment>.ByKey(PatternOf(which), p => p.Card, p => p.TimeMs, withTimeouts: true);
        List<Match<Payment>> expected = [.. Payments().OrderBy(p => p.TimeMs).SelectMany(matcher.Offer), .. matcher.Complete()];
        Assert.True(expected.Count(m => !m.IsTimeout) > 100, $"{expected.Count(m => !m.IsTimeout)} matches prove little.");
        Assert.Equal(expected.Select(Tell).Order(StringComparer.Ordinal), RunOnce("out", which, parallelism, null).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Which.CardTesting, 1)]
    [InlineData(Which.CardTesting, 3)]
    [InlineData(Which.Silence, 2)]
    public void Job_that_fails_and_is_restarted_finds_the_same(Which which, int parallelism)
    {
        var expected = RunOnce("expected", which, 1, null);
        var random = new Random(parallelism);
        var (failures, left) = (0, 3_000);
        var options = new CheckpointOptions
        {
            Store = new MemoryCheckpointStore(),
            Settings = new CheckpointSettings { IntervalMs = 1 },
            Restart = RestartStrategy.FixedDelay(1000, TimeSpan.Zero),
        };
        var found = RunOnce("actual", which, parallelism, options, () =>
        {
            if (failures >= 6 || Interlocked.Decrement(ref left) != 0)
                return;
            left = random.Next(1_000, 15_000);
            failures++;
            throw new InvalidOperationException("on purpose");
        });
        Assert.InRange(failures, 2, 6);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Events_that_cannot_be_kept_are_refused_where_checkpoints_are_taken()
    {
        var environment = new StreamEnvironment(new JobOptions { Checkpoints = new CheckpointOptions { Store = new MemoryCheckpointStore() } });
        var keyed = environment.From(new MemorySource<Node>("in", [], _ => 0, WatermarkStrategy.Monotonous)).KeyBy(_ => 1);
        var problem = Assert.Throws<NotSupportedException>(() => keyed.Match(Pattern.Begin<Node>("a").Build()));
        Assert.StartsWith("A job with checkpoints cannot look for patterns in events of `Node`: ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_pattern_does_not_go_on_from_a_checkpoint()
    {
        var completed = new CheckpointCount();
        var options = new CheckpointOptions { Store = new MemoryCheckpointStore(), Settings = new CheckpointSettings { IntervalMs = 1 }, Listener = completed };
        var seen = 0;
        Assert.Throws<JobException>(() => RunOnce("out", Which.Silence, 1, options, () =>
        {
            seen++;
            if (seen == 15_000)
                throw new InvalidOperationException("on purpose");
            // What was read before is merged and processed meanwhile, and is in the second checkpoint from here on.
            if (seen == 14_000)
                completed.Wait(2);
        }));
        Assert.Equal(
            "operator 'pattern', subtask 0: The value of state 'matches' holds partial matches of another pattern, or of a version of this program that builds another automaton of it.",
            Assert.Throws<JobException>(() => RunOnce("out", Which.CardTesting, 1, options)).Message);
    }

    private static Pattern PatternOf(Which which) => which == Which.CardTesting ? CardTesting : Silence;

    private string[] RunOnce(string output, Which which, int parallelism, CheckpointOptions? checkpoints, Action? onEvent = null)
    {
        var path = Path.Combine(_folder, output);
        LineFormat<string> format = (IBufferWriter<byte> line, in string value) => Encoding.UTF8.GetBytes(value, line);
        Sink<string> sink = checkpoints is null ? new LineSink<string>(ByteOutput.File(path), format) : new TransactionalLineSink<string>(path, format);
        var environment = new StreamEnvironment(new JobOptions { Parallelism = parallelism, Checkpoints = checkpoints });
        var timeouts = new OutputTag<Match<Payment>>("timeouts");
        var matches = environment.From(new MemorySource<Payment>("payments", Payments(), p => p.TimeMs, WatermarkStrategy.BoundedOutOfOrderness(DelayMs)))
            .Filter(_ =>
            {
                onEvent?.Invoke();
                return true;
            })
            .KeyBy(p => p.Card).Match(PatternOf(which), new() { Timeouts = timeouts }).Uid("pattern");
        matches.Union(matches.SideOutput(timeouts)).Map(Tell).To(sink);
        environment.Run();
        return File.ReadAllLines(path);
    }

    private static string Tell(Match<Payment> match) =>
        $"{match.Detected.ToUnixTimeMilliseconds()} {(match.IsTimeout ? "timeout" : "match")} {string.Join(' ', match.Events.Select(p => $"{p.Card}#{p.Number}"))}";

    /// <summary>Out of order by less than the delay, some at one time.</summary>
    private static IEnumerable<Payment> Payments()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var amount = random.Next(4) == 0 ? random.Next(20, 100) : random.Next(1, 8);
            yield return new Payment($"c{random.Next(40)}", amount, i * 5 / 10 * 10 - random.Next((int)DelayMs), i);
        }
    }

    private sealed class CheckpointCount : CheckpointListener
    {
        private readonly SemaphoreSlim _checkpoints = new(0);

        public override void Completed(Manifest manifest) => _checkpoints.Release();

        public void Wait(int checkpoints)
        {
            while (_checkpoints.Wait(TimeSpan.Zero))
            {
            }
            for (var i = 0; i < checkpoints; i++)
                Assert.True(_checkpoints.Wait(TimeSpan.FromMinutes(1)), "No checkpoint is completed.");
        }
    }

    private sealed record Payment(string Card, int Amount, long TimeMs, int Number);

    private sealed record Node(object Anything);
}
