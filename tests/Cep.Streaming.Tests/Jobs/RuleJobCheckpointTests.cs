using Cep.Conditions;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Patterns;
using Cep.Rules;
using Cep.Streaming.Jobs;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Jobs;

/// <summary>Random rules and events: a job that fails and goes on from its checkpoints writes what an undisturbed one does, byte for byte.</summary>
public class RuleJobCheckpointTests
{
    private const int Events = 20_000;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_job_that_fails_at_random_writes_what_an_undisturbed_one_writes(int seed)
    {
        var (patterns, lines) = Case(seed);
        var random = new Random(seed);
        using var job = new RestartedJob().Input(lines);
        var straight = new JobRun(patterns, job.Inputs(patterns));
        var matches = straight.Matches.Count(c => c == '\n');
        var (failures, left) = (0, random.Next(1, matches / 2));
        job.OnMatch = () =>
        {
            if (failures == 6 || --left > 0)
                return;
            failures++;
            left = random.Next(1, matches / 2);
            throw new IOException("on purpose");
        };
        var run = job.New(patterns, 1 + seed % 3, RestartStrategy.FixedDelay(100, TimeSpan.Zero)).Run();
        Assert.InRange(failures, 1, 6);
        Assert.Equal(straight.All, job.All());
        Assert.Equal(CountsOf(straight.Result), CountsOf(run));
        Assert.Equal(straight.Result.Quarantined.Select(Tell), run.Quarantined.Select(Tell));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_job_goes_on_at_another_parallelism(int seed)
    {
        var (patterns, lines) = Case(seed);
        using var job = new RestartedJob().Input(lines);
        var straight = new JobRun(patterns, job.Inputs(patterns));
        var matches = straight.Matches.Count(c => c == '\n');
        foreach (var parallelism in new[] { 1, 3 })
        {
            var left = matches / 3;
            job.OnMatch = () =>
            {
                if (--left == 0)
                    throw new IOException("on purpose");
            };
            Assert.Throws<JobException>(() => job.New(patterns, parallelism).Run());
        }
        job.OnMatch = () => { };
        var run = job.New(patterns, 2).Run();
        Assert.Equal(straight.All, job.All());
        Assert.Equal(CountsOf(straight.Result), CountsOf(run));
        Assert.Equal(straight.Result.Quarantined.Select(Tell), run.Quarantined.Select(Tell));
    }

    [Fact]
    public void A_rule_that_has_failed_stays_so_after_a_restart()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s", rest: "partials 3 per key on overflow fail") + Compiled.Rule("other", "B -> C within 1s"));
        var lines = Enumerable.Range(0, 30_000).Select(i => $"{{\"k\":\"x\",\"letter\":\"{(i < 4 ? 'A' : "ABCC"[i % 4])}\",\"ts\":{i}}}").ToList();
        using var job = new RestartedJob().Input(lines);
        var left = 5_000;
        job.OnMatch = () =>
        {
            if (--left == 0)
                throw new IOException("on purpose");
        };
        Assert.Throws<JobException>(() => job.New(patterns, 2).Run());
        var run = job.New(patterns, 3).Run();
        var error = Assert.Single(run.Quarantined);
        Assert.Equal(("r", 3), (error.Rule.Name, error.TimeMs));
        Assert.Equal("""{"rule":"r","version":1,"key":["x"],"time":"1970-01-01T00:00:00.003Z","message":"The key has more than 3 partial matches.","stream":"s","event":{"k":"x","letter":"A","n":null,"ts":"1970-01-01T00:00:00.003Z"}}""" + "\n", job.Written("errors"));
        Assert.DoesNotContain("\"rule\":\"r\"", job.Written("matches"));
        Assert.Equal(0, run.Rules[0].Counts.Matches);
    }

    [Fact]
    public async Task A_savepoint_holds_the_rules_and_starts_a_second_job()
    {
        var (patterns, lines) = Case(3);
        using var first = new RestartedJob { Settings = new CheckpointSettings { IntervalMs = null } }.Input(lines);
        var straight = new JobRun(patterns, first.Inputs(patterns));
        var savepoint = new MemoryCheckpointStore();
        Task<Manifest>? taken = null;
        RuleJob job = null!;
        var left = 50;
        // Asked for on the thread of the sink, and early: while another thread is woken to ask, a small input is read to its end.
        first.OnMatch = () =>
        {
            if (--left == 0)
                taken = job.SavepointAsync(savepoint);
        };
        job = first.New(patterns, 2);
        await Task.Run(() => job.Run());
        Assert.Contains((await taken!).Operators, op => op.Uid == "rules");
        Assert.Equal(straight.All, first.All());

        using var second = new RestartedJob { From = Savepoint.Open(savepoint, "memory") }.InputsOf(first);
        second.New(patterns, 3).Run();
        Assert.EndsWith(second.Written("matches"), straight.Matches);
        Assert.InRange(second.Written("matches").Length, 1, straight.Matches.Length - 1);
    }

    [Fact]
    public void Conditions_in_code_are_refused_where_checkpoints_are_taken()
    {
        var set = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s")).RuleSet;
        var code = new OpaqueExpr((_, _) => true, readsTaken: false, []);
        var rule = set.Rules[0] with { Pattern = set.Rules[0].Pattern with { Steps = [set.Rules[0].Pattern.Steps[0], (EventStep)set.Rules[0].Pattern.Steps[1] with { Where = code }] } };
        var options = new RuleJobOptions { Inputs = [], Checkpoints = new CheckpointOptions { Store = new MemoryCheckpointStore() } };
        var problem = Assert.Throws<ArgumentException>(() => new RuleJob(PatternSet.Compile(set with { Rules = [rule] }), options));
        Assert.StartsWith("The rule `r` has a condition in code. What it remembers cannot be kept in checkpoints, because after a restart nobody could tell whether the code is the same.", problem.Message);
    }

    private static (PatternSet Patterns, List<string> Lines) Case(int seed)
    {
        var random = new RandomCase(1_000 + seed, Events, isRich: true);
        var lines = random.Events.Select(e => e.Json).ToList();
        lines.Insert(lines.Count / 2, "broken");
        lines.Add(random.Events[0].Json);
        return (Compiled.Patterns(random.RuleText), lines);
    }

    private static string Tell(RuleError error) => $"{error.Rule.Name} {string.Join(",", error.Key)} {error.TimeMs} {error.Message}";

    /// <summary>Of a rule that has failed, only what is written counts: how soon the others stop is nobody's business.</summary>
    private static IEnumerable<string> CountsOf(RuleJobResult run) => run.Rules.Select(r => run.Quarantined.Any(q => q.Rule == r.Rule)
        ? $"{r.Rule.Name}: {r.Counts.Matches} {r.Counts.Timeouts} {r.Counts.PartialMatches}"
        : $"{r.Rule.Name}: {r.Counts.Events} {r.Counts.Matches} {r.Counts.Timeouts} {r.Counts.PartialMatches} {r.Counts.DroppedPartials} {r.Counts.Unknown} {r.Counts.Errors} {r.Counts.WithoutKey}");
}
