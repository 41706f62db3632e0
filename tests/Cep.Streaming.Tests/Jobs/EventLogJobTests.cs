using System.Text;
using Cep.Engine.Connectors;
using Cep.Engine.Connectors.EventLogs;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Rules;
using Cep.Streaming.Inquiries;
using Cep.Streaming.Jobs;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Jobs;

/// <summary>Rule jobs over event logs to which events are appended meanwhile.</summary>
public sealed class EventLogJobTests : IDisposable
{
    private const int Events = 6_000;
    private const int Kills = 5;

    private readonly string _folder = Directory.CreateTempSubdirectory("cep-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_job_that_is_killed_at_random_writes_what_an_undisturbed_one_writes(int seed)
    {
        var random = new RandomCase(2_000 + seed, Events, isRich: true);
        var patterns = Compiled.Patterns(random.RuleText);
        var lines = Lines(random);

        // One log with both streams, or one for each, the events of which come at the same times.
        string[] names = seed % 2 == 0 ? ["both"] : ["s", "t"];
        string killed;
        using (var job = new RestartedJob())
        {
            using var logs = new Logs(_folder, names);
            var appending = Task.Run(() => Append(logs, lines, seed));
            killed = await RunKilled(logs.To(job), patterns, lines.Count, new Random(seed));
            await appending;
        }

        using var reopened = new Logs(_folder, names);
        Assert.Equal(lines.Count, reopened.All.Sum(log => log.NextOffset));
        using var straight = new RestartedJob();
        await RunUntilRead(reopened.To(straight), patterns, lines.Count, parallelism: 1);
        Assert.Equal(straight.All(), killed);
        Assert.InRange(straight.Written("matches").Length, 1_000, int.MaxValue);
    }

    [Fact]
    public async Task A_log_and_a_file_with_the_same_events_give_the_same_matches()
    {
        var random = new RandomCase(77, Events);
        var patterns = Compiled.Patterns(random.RuleText);
        var lines = Lines(random);
        using var logs = new Logs(_folder, ["both"]);
        await Append(logs, lines, seed: 3);
        using var overLog = new RestartedJob();
        await RunUntilRead(logs.To(overLog), patterns, lines.Count, parallelism: 2);
        var overFile = new JobRun(patterns, [JobRun.Json(patterns, string.Join('\n', lines))]);
        Assert.StartsWith(overLog.Written("matches"), overFile.Matches);
        Assert.InRange(overLog.Written("matches").Length, 1_000, int.MaxValue);
    }

    [Fact]
    public async Task What_is_no_event_is_told_with_its_offset()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s"));
        using var logs = new Logs(_folder, ["s"]);
        await logs.All[0].AppendAsync([Bytes("{\"k\":\"x\",\"letter\":\"A\",\"ts\":1}"), Bytes("broken")]);
        using var job = new RestartedJob();
        await RunUntilRead(logs.To(job), patterns, 2, parallelism: 1);
        Assert.StartsWith("{\"source\":\"s\",\"line\":1,", job.Written("malformed"));
    }

    [Fact]
    public async Task An_inquiry_reads_a_log_up_to_what_it_has()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s"));
        using var logs = new Logs(_folder, ["s"]);
        await logs.All[0].AppendAsync(Bytes("{\"k\":\"x\",\"letter\":\"A\",\"ts\":1}"));
        var input = new EventInput(logs.All[0], patterns.RuleSet.Streams);
        Assert.Equal(("s", null, EventFormat.JsonLines), (input.Name, input.Bytes, input.Format));
        var report = KeyInquiry.Run(patterns.RuleSet.Streams, patterns.Rules[0], ["x"], [input]);
        Assert.Equal(1, report.EventsOfKey);
    }

    /// <summary>The events, among them some that are none, and at the end one of each stream that lets all time before it pass.</summary>
    private static List<string> Lines(RandomCase random)
    {
        var lines = random.Events.Select(e => e.Json).ToList();
        lines.Insert(lines.Count / 3, "{\"$stream\":\"s\",\"ts\":\"broken\"}");
        foreach (var stream in new[] { "s", "t" })
            lines.Add($"{{\"$stream\":\"{stream}\",\"k\":\"last\",\"g\":9,\"f\":9.5,\"u\":\"last\",\"letter\":\"Z\",\"n\":null,\"ts\":{100L * Events}}}");
        return lines;
    }

    private static async Task Append(Logs logs, List<string> lines, int seed)
    {
        var random = new Random(seed);
        for (var at = 0; at < lines.Count;)
        {
            var batch = lines.Skip(at).Take(random.Next(1, 30)).ToList();
            at += batch.Count;
            foreach (var log in logs.All)
            {
                var entries = batch.Where(line => logs.All.Count == 1 || line.StartsWith($"{{\"$stream\":\"{log.Name}\"", StringComparison.Ordinal)).Select(Bytes).ToList();
                if (entries.Count > 0)
                    await log.AppendAsync(entries);
            }
        }
    }

    /// <summary>Runs job after job on one store, each torn down at a random match but for the last.</summary>
    private static async Task<string> RunKilled(RestartedJob job, PatternSet patterns, int lines, Random random)
    {
        var (kills, left) = (0, random.Next(1, 400));
        job.OnMatch = () =>
        {
            if (kills == Kills || --left > 0)
                return;
            (kills, left) = (kills + 1, random.Next(1, 400));
            throw new IOException("on purpose");
        };
        while (true)
        {
            try
            {
                await RunUntilRead(job, patterns, lines, parallelism: 1 + kills % 3);
                Assert.InRange(kills, 1, Kills);
                return job.All();
            }
            catch (JobException failure) when (failure.InnerException is IOException { Message: "on purpose" })
            {
                // As when the process is killed: what the job knew is gone, and the next one has the checkpoints.
            }
        }
    }

    private static async Task RunUntilRead(RestartedJob restarted, PatternSet patterns, int lines, int parallelism)
    {
        var job = restarted.New(patterns, parallelism);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => job.Run(stop.Token));
        Hang.Until(() => running.IsCompleted || job.Progress.Records + job.Progress.Malformed == lines);
        await stop.CancelAsync();
        await running.WaitAsync(Hang.Limit);
    }

    private static ReadOnlyMemory<byte> Bytes(string line) => Encoding.UTF8.GetBytes(line);

    private sealed class Logs(string folder, IReadOnlyList<string> names) : IDisposable
    {
        public IReadOnlyList<EventLog> All { get; } = [.. names.Select(name => EventLog.Open(Path.Combine(folder, name), new EventLogOptions { SegmentBytes = 64 * 1024 }))];

        public RestartedJob To(RestartedJob job)
        {
            foreach (var log in All)
                job.Input(log, All.Count == 1 && log.Name == "both" ? [] : [log.Name]);
            return job;
        }

        public void Dispose()
        {
            foreach (var log in All)
                log.Dispose();
        }
    }
}
