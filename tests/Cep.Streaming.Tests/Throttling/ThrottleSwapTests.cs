using System.Text;
using System.Text.Json;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Throttling;

/// <summary>What a rule holds back over swaps, failures and restarts: a clause that stays goes on, one that changes begins anew.</summary>
public class ThrottleSwapTests
{
    private const int Swaps = 6;

    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(1);

    // Next to each other are versions of which one clause stays, and both, and none.
    private static readonly (NaiveSuppress? Suppress, NaiveLimit? Limit, string Title)[] Versions =
    [
        (new("k", 150), null, ""), (new("k", 150), null, "other title"), (new("k", 150), new(3, 60), ""), (new("n", 150), new(3, 60), ""), (new("n", 40), new(4, 60), ""), (null, new(4, 60), ""),
        (new("k", 150), null, "the first again"),
    ];

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]
    [InlineData(5, 4)]
    public void Told_alerts_are_those_that_the_clauses_of_their_time_leave(int seed, int failuresMax)
    {
        var events = ThrottledRule.Events(seed, 100_000);
        var patterns = Versions.Select(v => ThrottledRule.With(ThrottleClauses.TextOf(v.Suppress, v.Limit), v.Title)).ToArray();
        var plain = ThrottledRule.With("");
        var all = new JobRun(plain, [JobRun.Json(plain, string.Join('\n', events))]).Matches;
        using var files = new RestartedJob().Input(events);
        var random = new Random(seed);
        var job = files.New(patterns[0], 1 + seed % 3, RestartStrategy.FixedDelay(100, TimeSpan.Zero));
        var (done, failures, untilSwap, untilFailure) = (0, 0, random.Next(20, 150), random.Next(3_000));
        Task<SwapPlan>? swap = null;
        files.OnMatch = () =>
        {
            if (swap is { IsCompleted: true })
            {
                done += Convert.ToInt32(swap.IsCompletedSuccessfully);
                (swap, untilSwap) = (null, random.Next(20, 150));
            }
            if (swap is null && done < Swaps && --untilSwap < 0)
                swap = Asked(job, patterns[done + 1]);
            if (failures == failuresMax || --untilFailure > 0)
                return;
            (failures, untilFailure) = (failures + 1, random.Next(3_000));
            throw new IOException("on purpose");
        };
        job.Run();
        var watermarks = files.Written("changes").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(c => WatermarkMs(JsonDocument.Parse(c).RootElement.GetProperty("watermark"))).ToList();
        Assert.InRange(watermarks.Count, 1, Swaps);
        Assert.Equal(Expected(all, watermarks), files.Written("matches"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Draining_versions_and_renamed_rules_share_what_is_remembered(int parallelism)
    {
        // The old version still tells what began before the swap; each key has one alert in 10 s, whoever tells it.
        const string clause = "suppress by k for 10s";
        var letters = Compiled.Letters;
        PatternSet[] versions =
        [
            Compiled.Patterns(letters + Compiled.Rule("r", "A -> B within 1s skip none", rest: clause)),
            Compiled.Patterns(letters + Compiled.Rule("r", "A -> B within 2s skip none", rest: clause)),
            Compiled.Patterns(letters + Compiled.Rule("renamed", "A -> B within 2s skip none", rest: clause)),
        ];
        var events = Enumerable.Range(0, 60_000).Select(i => $"{{\"k\":\"k{i % 3}\",\"letter\":\"{"AB"[i % 2]}\",\"ts\":{i}}}");
        var matches = new List<Match>();
        Task<SwapPlan>? first = null, second = null;
        RuleJob job = null!;
        var sink = new Watched(m =>
        {
            matches.Add(m);
            first ??= Asked(job, versions[1], SwapPolicy.Drain);
            if (first.IsCompleted)
                second ??= Asked(job, versions[2], SwapPolicy.Drain);
        });
        job = new RuleJob(versions[0], new RuleJobOptions { Inputs = [JobRun.Json(versions[0], string.Join('\n', events))], Parallelism = parallelism, Matches = sink });
        var result = job.Run();
        Assert.NotNull((await first!).WatermarkMs);
        Assert.NotNull((await second!).WatermarkMs);
        Assert.Equal(18, matches.Count);
        Assert.All(matches.GroupBy(m => m.Key[0]), key => Assert.All(key.Zip(key.Skip(1)), pair => Assert.Equal(10_002, pair.Second.DetectedMs - pair.First.DetectedMs)));
        Assert.Equal(("renamed", result.Rules[0].Counts.Matches - 18), (result.Rules[0].Rule.Name, result.Rules[0].Counts.Suppressed));
    }

    private static string Expected(string all, IReadOnlyList<long> watermarks)
    {
        var (throttle, version) = (new NaiveThrottle(), 0);
        throttle.Change(Versions[0].Suppress, Versions[0].Limit);
        var told = new StringBuilder();
        foreach (var line in all.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var atMs = NaiveThrottle.MsOf(JsonDocument.Parse(line).RootElement.GetProperty("detected").GetString()!);
            for (; version < watermarks.Count && atMs > watermarks[version]; version++)
                throttle.Change(Versions[version + 1].Suppress, Versions[version + 1].Limit);
            told.Append(ThrottledRule.Expected(line, throttle));
        }
        return told.ToString();
    }

    /// <summary>Before the first event and after the last it is a number.</summary>
    private static long WatermarkMs(JsonElement watermark) => watermark.ValueKind == JsonValueKind.Number ? watermark.GetInt64() : NaiveThrottle.MsOf(watermark.GetString()!);

    /// <summary>A swap that the job has been asked for when this returns: the rest of the input takes less time than that may.</summary>
    private static Task<SwapPlan> Asked(RuleJob job, PatternSet next, SwapPolicy? policy = null)
    {
        var asked = new TaskCompletionSource();
        var swap = Task.Run(() =>
        {
            var swapping = job.SwapAsync(next, policy);
            asked.SetResult();
            return swapping;
        });
        Assert.True(asked.Task.Wait(Hang));
        return swap;
    }

    private sealed class Watched(Action<Match> onMatch) : Sink<Match>("watched")
    {
        public override void Write(in Match value) => onMatch(value);
    }
}
