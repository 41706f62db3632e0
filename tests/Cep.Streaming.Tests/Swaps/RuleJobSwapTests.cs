using System.Globalization;
using System.Text.Json;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Swaps;

/// <summary>Jobs whose rules are swapped while they run, and that fail: what is written is what each rule tells alone for as long as it runs.</summary>
public class RuleJobSwapTests
{
    private const int Events = 100_000;

    /// <summary>Seeds, and whether rules are drained.</summary>
    public static TheoryData<int, bool> Seeds => new() { { 1, false }, { 2, false }, { 3, false }, { 4, true }, { 5, true }, { 6, true } };

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_written_is_what_each_rule_tells_alone_for_as_long_as_it_runs(int seed, bool drains)
    {
        using var swapped = new SwappedJob(seed, drains, failures: 0);
        swapped.Run(parallelism: 1 + seed % 3);
        Assert.InRange(swapped.Done, 1, SwappedJob.SwapsMax);
        Assert.Equal(swapped.Expected(), swapped.Written());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_same_is_written_where_the_job_fails_around_its_swaps(int seed, bool drains)
    {
        using var swapped = new SwappedJob(50 + seed, drains, failures: 6);
        swapped.Run(parallelism: 1 + seed % 3);
        Assert.InRange(swapped.Done, 1, SwappedJob.SwapsMax);
        Assert.InRange(swapped.Failures, 1, 6);
        Assert.Equal(swapped.Expected(), swapped.Written());
    }

    [Fact]
    public void A_job_that_is_started_with_other_rules_goes_on_from_what_the_rules_before_remembered()
    {
        var before = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1h") + Compiled.Rule("old", "A -> C within 1h"));
        var after = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 2h") + Compiled.Rule("new", "B -> C within 1h"));
        using var job = new RestartedJob().Input(Enumerable.Range(0, Events).Select(i => $"{{\"k\":\"k{i % 7}\",\"letter\":\"{"ABC"[i % 3]}\",\"ts\":{i}}}"));
        var matches = 0;
        job.OnMatch = () =>
        {
            if (++matches % 500 == 0 && CheckpointHistory.Load(job.Store).Latest is not null)
                throw new IOException("on purpose");
        };
        Assert.Throws<JobException>(() => job.New(before, 2).Run());
        job.OnMatch = () => { };
        var second = job.New(after, 3);
        second.Run();
        Assert.Equal("`r` has changed and carries its partial matches over.\n`new` is new.\n`old` is removed and drops its partial matches.", second.BegunWith!.ToString());
        var changed = Assert.Single(job.Written("changes").TrimEnd().Split('\n'));
        Assert.EndsWith("\"rules\":[{\"rule\":\"r\",\"before\":\"r\",\"change\":\"compatible\",\"partials\":\"carried\"},{\"rule\":\"new\",\"before\":null,\"change\":\"added\",\"partials\":\"begins\"},"
            + "{\"rule\":\"old\",\"before\":\"old\",\"change\":\"removed\",\"partials\":\"dropped\"}]}", changed);
        // The same rules again: there is nothing more to tell.
        Assert.Null(new Func<SwapPlan?>(() => { var third = job.New(after, 1); third.Run(); return third.BegunWith; })());
        Assert.Single(job.Written("changes").TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_swap_that_is_refused_changes_nothing_and_says_why()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1h"));
        using var kept = new RestartedJob().Input([]);
        var other = Compiled.Patterns(Compiled.Letters.Replace("n long?", "n double?", StringComparison.Ordinal) + Compiled.Rule("r", "A -> B within 1h"));
        Assert.StartsWith("The stream `s` is declared otherwise now.", (await kept.New(patterns, 1).SwapAsync(other)).ToString(), StringComparison.Ordinal);
        Assert.Equal("The job is not running.", (await Assert.ThrowsAsync<InvalidOperationException>(() => kept.New(patterns, 1).SwapAsync(patterns))).Message);
        var job = new RuleJob(patterns, new RuleJobOptions { Inputs = [JobRun.Json(patterns, "")] });
        Assert.Equal("The job is not running.", (await Assert.ThrowsAsync<InvalidOperationException>(() => job.SwapAsync(patterns))).Message);
    }

    [Fact]
    public async Task A_job_without_checkpoints_swaps_its_rules_at_a_watermark()
    {
        var (stays, goes, comes) = (Compiled.Rule("stays", "A -> B within 1h"), Compiled.Rule("goes", "A -> C within 1h"), Compiled.Rule("comes", "B -> C within 1h"));
        var (before, after) = (Compiled.Patterns(Compiled.Letters + stays + goes), Compiled.Patterns(Compiled.Letters + stays + comes));
        var input = string.Concat(Enumerable.Range(0, Events).Select(i => $"{{\"k\":\"k{i % 7}\",\"letter\":\"{"ABC"[i % 3]}\",\"ts\":{i}}}\n"));
        Task<SwapPlan>? swap = null;
        RuleJob job = null!;
        var (matches, changes) = (new Telling(() => swap ??= job.SwapAsync(after)), new MemorySink<RulesChanged>());
        job = new RuleJob(before, new RuleJobOptions { Inputs = [JobRun.Json(before, input)], Parallelism = 2, Matches = matches, Changes = changes });
        job.Run();
        var atMs = (await swap!).WatermarkMs!.Value;
        Assert.Equal(atMs, Assert.Single(changes.Values).WatermarkMs);
        Assert.Matches("^`stays` is unchanged and keeps its [0-9]+ partial match(es)?\\.\n`comes` is new\\.\n`goes` is removed and drops its [0-9]+ partial match(es)?\\.$", (await swap).ToString());
        Assert.InRange(atMs, 1, Events - 2);
        Assert.True(matches.Values.Where(m => m.Rule.Name == "goes").All(m => m.DetectedMs <= atMs));
        Assert.True(matches.Values.Where(m => m.Rule.Name == "comes").All(m => m.StartMs > atMs));
        Assert.Contains(matches.Values, m => m.Rule.Name == "comes");
        var alone = new MemorySink<Match>();
        new RuleJob(before, new RuleJobOptions { Inputs = [JobRun.Json(before, input)], Matches = alone }).Run();
        Assert.Equal(alone.Values.Where(m => m.Rule.Name == "stays").Select(m => m.Id), matches.Values.Where(m => m.Rule.Name == "stays").Select(m => m.Id));
    }

    [Fact]
    public async Task What_is_to_stand_in_checkpoints_stands_there_from_the_swap_on()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1h"));
        using var job = new RestartedJob().Input(Enumerable.Range(0, Events).Select(i => $"{{\"k\":\"x\",\"letter\":\"{"AB"[i % 2]}\",\"ts\":{i}}}"));
        Task<SwapPlan>? swap = null;
        var running = job.New(patterns, 2);
        job.OnMatch = () => swap ??= running.SwapAsync(patterns, properties: new Dictionary<string, string> { ["rules"] = "text" });
        running.Run();
        Assert.NotNull((await swap!).WatermarkMs);
        Assert.Equal("text", CheckpointHistory.Load(job.Store).Latest!.Manifest.Properties["rules"]);
    }

    /// <summary>Keeps matches, and does something at each.</summary>
    private sealed class Telling(Action onMatch) : Sink<Match>("telling")
    {
        public List<Match> Values { get; } = [];

        public override void Write(in Match value)
        {
            onMatch();
            Values.Add(value);
        }
    }

    /// <summary>A job over random events of one key field, whose rules are swapped when a random number of matches was written.</summary>
    private sealed class SwappedJob : IDisposable
    {
        public const int SwapsMax = 8;

        private static readonly TimeSpan Hang = TimeSpan.FromMinutes(1);

        private readonly Random _random;
        private readonly List<(char Letter, long TimeMs, string Key, long N)> _events;
        private readonly List<(IReadOnlyList<string> Rules, SwapPolicy Policy)> _sets = [];
        private readonly PatternSet[] _patterns;
        private readonly RestartedJob _files = new();
        private readonly int _failuresMax;
        private Task<SwapPlan>? _swap;
        private int _untilSwap;
        private int _untilFailure;

        public SwappedJob(int seed, bool drains, int failures)
        {
            _random = new Random(seed);
            _failuresMax = failures;
            var rules = new RandomRules(_random, drains);
            _sets.Add((rules.First(), SwapPolicy.Carry));
            while (_sets.Count <= SwapsMax)
                _sets.Add((rules.Next(_sets[^1].Rules), rules.Policy));
            // Compiled before, or the job would be over before the second swap.
            _patterns = [.. _sets.Select(set => Compiled.Patterns(Compiled.Letters + string.Concat(set.Rules)))];
            _events = [.. Enumerable.Range(1, Events).Select(i => ("ABC"[_random.Next(3)], 3L * i, "k" + _random.Next(8), (long)_random.Next(5)))];
            _files.Input(_events.Select(e => $"{{\"k\":\"{e.Key}\",\"letter\":\"{e.Letter}\",\"n\":{e.N},\"ts\":{e.TimeMs}}}"));
            (_untilSwap, _untilFailure) = (_random.Next(100), _random.Next(3_000));
        }

        /// <summary>How many swaps were carried out.</summary>
        public int Done { get; private set; }

        public int Failures { get; private set; }

        public void Dispose() => _files.Dispose();

        public void Run(int parallelism)
        {
            var job = _files.New(_patterns[0], parallelism, RestartStrategy.FixedDelay(100, TimeSpan.Zero));
            _files.OnMatch = () => OnMatch(job);
            job.Run();
            Settle();
        }

        /// <summary>What was written, as text, ordered.</summary>
        public IEnumerable<string> Written() => new[] { "matches", "timeouts" }
            .SelectMany(o => _files.Written(o).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(Tell).Order(StringComparer.Ordinal);

        /// <summary>What was to be written, as the changes of rules that were written tell.</summary>
        public IEnumerable<string> Expected()
        {
            var changes = _files.Written("changes").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
            Assert.Equal(Done, changes.Count);
            var history = new RuleHistory();
            history.Swap(_sets[0].Rules, _sets[0].Policy);
            var told = new List<string>();
            var next = 0;
            for (var i = 0; i < changes.Count; i++)
            {
                var running = changes[i].GetProperty("rules").EnumerateArray().Where(r => r.GetProperty("change").GetString() != "removed").Select(r => r.GetProperty("rule").GetString());
                Assert.Equal(_sets[i + 1].Rules.Select(RuleHistory.NameOf), running!);
                var watermark = changes[i].GetProperty("watermark");
                // Before the first event and after the last it is a number.
                var watermarkMs = watermark.ValueKind == JsonValueKind.Number ? watermark.GetInt64() : MsOf(watermark.GetString()!);
                if (watermarkMs > long.MinValue)
                    Advance(history, ref next, watermarkMs, told);
                history.Swap(_sets[i + 1].Rules, _sets[i + 1].Policy);
            }
            Advance(history, ref next, long.MaxValue, told);
            return told.SelectMany(t => t.Split('\n')).Where(t => t.Length > 0).Order(StringComparer.Ordinal);
        }

        private void Advance(RuleHistory history, ref int next, long watermarkMs, List<string> told)
        {
            for (; next < _events.Count && _events[next].TimeMs <= watermarkMs; next++)
            {
                var (letter, timeMs, key, n) = _events[next];
                history.Send(letter, timeMs, key, n);
            }
            told.Add(history.AdvanceTo(watermarkMs));
        }

        /// <summary>On the thread of the sinks: swaps, and fails.</summary>
        private void OnMatch(RuleJob job)
        {
            if (_swap is { IsCompleted: true })
                Settle();
            if (_swap is null && Done < SwapsMax && --_untilSwap < 0)
            {
                _untilSwap = _random.Next(100);
                var next = Done + 1;
                var asked = new TaskCompletionSource();
                _swap = Task.Run(() =>
                {
                    var swap = job.SwapAsync(_patterns[next], _sets[next].Policy);
                    asked.SetResult();
                    return swap;
                });
                // The whole input takes less time than the first swap of a process takes to be asked for: the job is held up for that.
                Assert.True(asked.Task.Wait(Hang));
                if (_random.Next(2) == 0)
                    _untilFailure = Math.Min(_untilFailure, _random.Next(3_000));
            }
            if (Failures == _failuresMax || --_untilFailure > 0)
                return;
            Failures++;
            _untilFailure = _random.Next(1, 6_000);
            throw new IOException("on purpose");
        }

        /// <summary>A swap has succeeded, or failed with its attempt of the job; then it is tried again.</summary>
        private void Settle()
        {
            if (_swap is not { } swap)
                return;
            _swap = null;
            try
            {
                Assert.NotNull(swap.GetAwaiter().GetResult().WatermarkMs);
                Done++;
            }
            catch (InvalidOperationException)
            {
                // The attempt, or the job, has ended before its checkpoint was complete.
            }
        }

        private static string Tell(string line)
        {
            var match = JsonDocument.Parse(line).RootElement;
            var events = match.GetProperty("events").EnumerateObject().SelectMany(s => s.Value.EnumerateArray().Select(e => (Step: s.Name, TimeMs: MsOf(e.GetProperty("ts").GetString()!)))).ToList();
            var isTimeout = match.GetProperty("kind").GetString() == "timeout";
            var (detectedMs, endMs) = (MsOf(match.GetProperty("detected").GetString()!), MsOf(match.GetProperty("end").GetString()!));
            var text = $"{match.GetProperty("rule").GetString()}: {string.Join(' ', events.Select(e => $"{e.Step}@{e.TimeMs}"))}";
            return !isTimeout && detectedMs == endMs && endMs == events[^1].TimeMs ? text : $"{text}{(isTimeout ? " timed out" : "")} at {detectedMs}";
        }

        private static long MsOf(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
    }
}
