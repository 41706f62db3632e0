using Xunit;
using System.Globalization;
using System.Text;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;

namespace Cep.Engine.Tests.Checkpoints;

/// <summary>Jobs that fail, and go on from what they remember.</summary>
public sealed class CheckpointedJobTests : IDisposable
{
    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("CEP_FAULT_SEEDS"), CultureInfo.InvariantCulture, out int seeds) ? seeds : 30;

    private readonly string _folder = Directory.CreateTempSubdirectory("cep-job-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 2)]
    [InlineData(5, 4)]
    public void A_job_that_fails_at_random_writes_what_an_undisturbed_one_writes(int seed, int parallelism)
    {
        string expected = RunOnce("expected", parallelism: 1, options: null);
        var random = new Random(seed);
        int failures = 0;
        var store = FolderCheckpointStore.Open(Path.Combine(_folder, "checkpoints"));
        int left = 10_000;
        string actual = RunOnce(
            "actual",
            parallelism,
            Options(store, RestartStrategy.FixedDelay(1000, TimeSpan.Zero)),
            _ =>
            {
                if (failures >= 5 || Interlocked.Decrement(ref left) != 0) return;
                left = random.Next(3_000, 25_000);
                failures++;
                throw new InvalidOperationException("on purpose");
            });
        Assert.InRange(failures, 2, 5);
        Assert.Equal(expected, actual);
        store.Dispose();
    }

    /// <summary>Failures of the job and of its store at random moments, from a seed; the threads run as they like.</summary>
    [Fact]
    public void A_job_on_a_store_with_faults_writes_what_an_undisturbed_one_writes_or_says_that_nothing_is_whole()
    {
        string expected = RunOnce("expected", parallelism: 1, options: null);
        var faults = new Dictionary<string, int>();
        int refused = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            using var store = new FaultyCheckpointStore(seed, faultRate: random.NextDouble() * 0.3) { FlipsBits = seed % 3 == 0 };
            int left = random.Next(1_000, 50_000);
            int failures = random.Next(6);
            CheckpointOptions options = Options(store, RestartStrategy.FixedDelay(1000, TimeSpan.Zero));
            options = options with { Settings = options.Settings with { TolerableFailures = random.Next(5), Retained = random.Next(1, 4) } };
            try
            {
                string actual = RunOnce("actual", random.Next(1, 5), options, _ =>
                {
                    if (failures == 0 || Interlocked.Decrement(ref left) != 0) return;
                    left = random.Next(1_000, 40_000);
                    failures--;
                    throw new InvalidOperationException("on purpose");
                });
                Assert.True(expected == actual, $"Seed {seed}: the outputs differ.");
            }
            catch (CorruptSnapshotException problem) when (problem.Message.StartsWith("No checkpoint is whole", StringComparison.Ordinal))
            {
                refused++;
            }

            foreach ((string kind, int count) in store.Faults) faults[kind] = faults.GetValueOrDefault(kind) + count;
        }

        Assert.Equal(["half written", "not deleted", "not written", "slow", "written, but said not to be", "wrong bit"], faults.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(refused, 0, Seeds / 3);
    }

    [Fact]
    public void A_job_goes_on_at_another_parallelism()
    {
        string expected = RunOnce("expected", parallelism: 1, options: null);
        int left = 0;
        foreach ((int parallelism, bool fails) in new[] { (1, true), (4, true), (3, true), (2, false) })
        {
            using var store = FolderCheckpointStore.Open(Path.Combine(_folder, "checkpoints"));
            // Three of these fit in one reading of the input, however little is read again.
            left = 30_000;
            Action<Event>? fail = fails ? _ => { if (Interlocked.Decrement(ref left) == 0) throw new InvalidOperationException("on purpose"); } : null;
            try
            {
                RunOnce("actual", parallelism, Options(store, RestartStrategy.None), fail);
                Assert.False(fails);
            }
            catch (JobException) when (fails)
            {
            }
        }

        Assert.Equal(expected, LinesOf("actual"));
    }

    [Fact]
    public void A_finished_job_that_is_run_again_reads_and_writes_nothing_more()
    {
        using var store = FolderCheckpointStore.Open(Path.Combine(_folder, "checkpoints"));
        string first = RunOnce("out", 2, Options(store, RestartStrategy.None));
        int seen = 0;
        string second = RunOnce("out", 2, Options(store, RestartStrategy.None), _ => Interlocked.Increment(ref seen));
        Assert.Equal(0, seen);
        Assert.Equal(first, second);
        Assert.Equal(["out"], Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)!));
    }

    [Fact]
    public void Readers_see_nothing_that_no_complete_checkpoint_holds()
    {
        var store = new MemoryCheckpointStore();
        Assert.Throws<JobException>(() => RunOnce(
            "out",
            1,
            Options(store, RestartStrategy.None) with { Settings = new CheckpointSettings { IntervalMs = null } },
            e => { if (e.Number == 30_000) throw new InvalidOperationException("on purpose"); }));
        Assert.Equal("", File.ReadAllText(PathOf("out")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_takes_place_between_two_records_and_everywhere_at_once(bool takesCheckpoints)
    {
        using var reached = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        CheckpointOptions options = Options(new MemoryCheckpointStore(), RestartStrategy.None) with { Settings = new CheckpointSettings { IntervalMs = null } };
        Job<Event, string> job = NewJob("out", 3, takesCheckpoints ? options : null, e =>
        {
            if (e.Number != 21_000) return;
            reached.Set();
            goOn.Wait();
        });
        Task<JobResult> running = job.RunAsync();
        reached.Wait();
        Task<Manifest?> changed = job.ChangeAsync("!", new Dictionary<string, string> { ["rules"] = "2" });
        goOn.Set();
        Manifest? manifest = await changed;
        await running;
        Assert.Equal(takesCheckpoints ? "2" : null, manifest?.Properties["rules"]);
        string[] lines = File.ReadAllLines(PathOf("out"));
        int first = Array.FindIndex(lines, line => line.EndsWith('!'));
        Assert.InRange(first, 1, lines.Length - 1);
        Assert.All(lines[first..], line => Assert.EndsWith("!", line));
    }

    [Fact]
    public async Task A_change_of_a_job_that_fails_or_has_ended_is_refused()
    {
        using var reached = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        Job<Event, string> job = NewJob("out", 2, checkpoints: null, e =>
        {
            if (e.Number != 21_000) return;
            reached.Set();
            goOn.Wait();
            throw new InvalidOperationException("on purpose");
        });
        Assert.Equal("The job is not running.", (await Assert.ThrowsAsync<InvalidOperationException>(() => Ask())).Message);
        Task<JobResult> running = job.RunAsync();
        reached.Wait();
        Task<Manifest?> asked = Ask();
        goOn.Set();
        await Assert.ThrowsAsync<JobException>(() => running);
        Assert.Equal("The job has ended.", (await Assert.ThrowsAsync<InvalidOperationException>(() => asked)).Message);
        Assert.Equal("The job is not running.", (await Assert.ThrowsAsync<InvalidOperationException>(() => Ask())).Message);

        Task<Manifest?> Ask() => job.ChangeAsync("!", new Dictionary<string, string>());
    }

    [Fact]
    public void What_the_application_keeps_goes_on_but_for_what_it_gives_anew()
    {
        using var store = FolderCheckpointStore.Open(Path.Combine(_folder, "checkpoints"));
        RunOnce("out", 1, Options(store, RestartStrategy.None) with { Properties = new Dictionary<string, string> { ["rules"] = "1", ["by"] = "me" } });
        RunOnce("out", 1, Options(store, RestartStrategy.None) with { Properties = new Dictionary<string, string> { ["rules"] = "2" } });

        IReadOnlyDictionary<string, string> kept = CheckpointHistory.Load(store).Latest!.Manifest.Properties;
        Assert.Equal(("2", "me"), (kept["rules"], kept["by"]));
    }

    [Fact]
    public void A_damaged_checkpoint_is_passed_over_for_the_one_before()
    {
        string expected = RunOnce("expected", 1, options: null);
        string folder = Path.Combine(_folder, "checkpoints");
        using (var store = FolderCheckpointStore.Open(folder)) RunOnce("out", 2, Options(store, RestartStrategy.None));
        string newest = Directory.GetFiles(folder, "manifest.json", SearchOption.AllDirectories).MaxBy(File.GetLastWriteTimeUtc)!;
        string segment = Directory.GetFiles(Path.GetDirectoryName(newest)!, "sources*").Single();
        byte[] bytes = File.ReadAllBytes(segment);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(segment, bytes);
        using (var store = FolderCheckpointStore.Open(folder))
        {
            var listener = new Refusals();
            string actual = RunOnce("out", 2, Options(store, RestartStrategy.None) with { Listener = listener });
            Assert.Equal(expected, actual);
            Assert.Contains(Path.GetFileName(segment), Assert.Single(listener.Messages), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void State_of_an_operator_that_is_gone_is_not_dropped_without_consent()
    {
        var store = new MemoryCheckpointStore();
        RunOnce("out", 1, Options(store, RestartStrategy.None));
        var other = new Job<Event, string>(new JobOptions { Checkpoints = Options(store, RestartStrategy.None) })
            .AddSource(Source()).AddOperator("renamed", new ByKey(), () => new CountingOperator());
        var problem = Assert.Throws<InvalidOperationException>(() => other.Run());
        Assert.Equal(
            "The snapshot has state of `count`, but the job has no operator of this uid. Say which uid it has now, or that its state may be dropped; "
            + "the job has `sources`, `renamed`.",
            problem.Message);
    }

    [Fact]
    public void A_source_that_cannot_be_read_again_is_refused()
    {
        var pipe = new StreamSource<Event>(
            ByteInput.FromStream("pipe", Stream.Null, isLive: true), new LineFraming(), new EventDecoder(), WatermarkStrategy.Monotonous);
        var job = new Job<Event, string>(new JobOptions { Checkpoints = Options(new MemoryCheckpointStore(), RestartStrategy.None) }).AddSource(pipe);
        Assert.Equal(
            "The source 'pipe' cannot be read again from where a checkpoint stands, so a job that reads it cannot take checkpoints.",
            Assert.Throws<InvalidOperationException>(() => job.Run()).Message);
    }

    private static CheckpointOptions Options(CheckpointStore store, RestartStrategy restart) =>
        new() { Store = store, Settings = new CheckpointSettings { IntervalMs = 1 }, Restart = restart };

    /// <summary>Three splits of unequal pace, a hundred thousand records together, from a file and from memory.</summary>
    private static MemorySource<Event> Source(int split = 0)
    {
        var random = new Random(split);
        var events = new List<Event>();
        for (int i = 0; i < 33_000; i++)
            events.Add(new Event($"k{random.Next(500)}", 1_000_000 + i * (split + 1) - random.Next(40), 3 * i + split));
        return new MemorySource<Event>($"memory {split}", events, e => e.TimestampMs, WatermarkStrategy.BoundedOutOfOrderness(50));
    }

    private string PathOf(string output) => Path.Combine(_folder, output);

    private Job<Event, string> NewJob(string output, int parallelism, CheckpointOptions? checkpoints, Action<Event>? onRecord)
    {
        string input = Path.Combine(Directory.CreateDirectory(PathOf("in")).FullName, "events");
        if (!File.Exists(input))
        {
            var lines = new StringBuilder();
            for (int i = 0; i < 5_000; i++) lines.Append(CultureInfo.InvariantCulture, $"f{i % 70} {1_000_000 + i * 3}\nbroken\n");
            File.WriteAllText(input, lines.ToString());
        }

        LineFormat<string> format = (System.Buffers.IBufferWriter<byte> line, in string value) => Encoding.UTF8.GetBytes(value, line);
        Sink<string> sink = checkpoints is null
            ? new LineSink<string>(ByteOutput.File(PathOf(output)), format)
            : new TransactionalLineSink<string>(PathOf(output), format);
        return new Job<Event, string>(new JobOptions { Parallelism = parallelism, Checkpoints = checkpoints })
            .AddSource(Source()).AddSource(Source(1))
            .AddSource(new StreamSource<Event>(ByteInput.File(input), new LineFraming(), new Plain(), WatermarkStrategy.Monotonous))
            .AddOperator("count", new ByKey(), () => new CountingOperator(onRecord))
            .WriteTo(sink);
    }

    private string RunOnce(string output, int parallelism, CheckpointOptions? options, Action<Event>? onRecord = null)
    {
        NewJob(output, parallelism, options, onRecord).Run();
        return LinesOf(output);
    }

    /// <summary>The lines in an order of their own: the operator emits before the watermark, so theirs depends on where epochs end.</summary>
    private string LinesOf(string output) => string.Join('\n', File.ReadAllLines(PathOf(output)).Order(StringComparer.Ordinal));

    /// <summary>Numbers nothing, so that what is read again is the same.</summary>
    private sealed class Plain : RecordDecoder<Event>
    {
        public override bool TryDecode(ReadOnlySpan<byte> record, long receivedAtMs, out Event value, out long timestampMs, out string? error)
        {
            string[] parts = Encoding.UTF8.GetString(record).Split(' ');
            bool isGood = parts.Length == 2;
            timestampMs = isGood ? long.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
            value = isGood ? new Event(parts[0], timestampMs, -1) : null!;
            error = isGood ? null : "Not a key and a time.";
            return isGood;
        }
    }

    private sealed class Refusals : CheckpointListener
    {
        public List<string> Messages { get; } = [];

        public override void Refused(RefusedCheckpoint checkpoint) => Messages.Add(checkpoint.Reason);
    }
}
