using Cep.Conditions;
using Cep.Engine.Connectors;
using Cep.Patterns;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Swaps;

/// <summary>Jobs in which a rule is drained.</summary>
public class RuleJobDrainTests
{
    private const int Events = 100_000;

    private static readonly PatternSet Before = Patterns("A -> B within 1h");
    private static readonly PatternSet After = Patterns("A -> B within 2h");

    [Fact]
    public void A_job_with_checkpoints_that_cannot_write_rules_refuses_to_drain()
    {
        using var files = new RestartedJob { RuleSerializer = null }.Input([]);
        Assert.Equal(
            "The rule `r` has changed and cannot be drained. The job takes checkpoints, so the version before has to be known again after a restart, and the job was given nothing that writes rules.",
            files.New(Before, 1).PlanSwap(After, SwapPolicy.Drain).ToString());
        Assert.True(files.New(Before, 1).PlanSwap(Before, SwapPolicy.Drain).IsPossible);
        var job = new RuleJob(Before, new RuleJobOptions { Inputs = [JobRun.Json(Before, "")] });
        Assert.True(job.PlanSwap(After, SwapPolicy.Drain).IsPossible);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_version_that_fails_while_it_is_drained_stops_alone(int parallelism)
    {
        var code = PatternSet.Compile(Before.RuleSet with { Rules = [Before.RuleSet.Rules[0] with { Pattern = WithCode(Before.RuleSet.Rules[0].Pattern) }] });
        Task<SwapPlan>? swap = null;
        RuleJob job = null!;
        var (matches, errors) = (new Telling(() => swap ??= job.SwapAsync(After, SwapPolicy.Drain)), new MemorySink<RuleError>());
        job = new RuleJob(code, new RuleJobOptions
        {
            Inputs = [JobRun.Json(code, string.Concat(Input().Select(l => l + "\n")))], Parallelism = parallelism, Matches = matches, Errors = errors,
        });
        var result = job.Run();
        Assert.True((await swap!).IsPossible);
        var error = Assert.Single(errors.Values);
        Assert.Equal(("r", 3_600_000L), (error.Rule.Name, error.Rule.Pattern.WithinMs));
        Assert.EndsWith("InvalidOperationException: on purpose This is a version that is being drained; the rule that has taken its place goes on.", error.Message, StringComparison.Ordinal);
        Assert.Equal([error], result.Quarantined);
        Assert.DoesNotContain(matches.Values, m => Equals(m.Key[0], "z"));
        Assert.Equal(7_200_000, matches.Values[^1].Rule.Pattern.WithinMs);
        Assert.Equal((matches.Values.Count, 0L), (result.Rules[0].Counts.Matches, result.Rules[0].Counts.PartialMatches));
    }

    /// <summary>Of the key `z` the first event begins a partial match that one of the last completes.</summary>
    private static IEnumerable<string> Input() =>
    [
        "{\"k\":\"z\",\"letter\":\"A\",\"ts\":0}", .. Enumerable.Range(1, Events).Select(i => $"{{\"k\":\"k{i % 7}\",\"letter\":\"{"ABC"[i % 3]}\",\"ts\":{i}}}"),
        $"{{\"k\":\"z\",\"letter\":\"B\",\"ts\":{Events + 1}}}", $"{{\"k\":\"x\",\"letter\":\"A\",\"ts\":{Events + 2}}}", $"{{\"k\":\"x\",\"letter\":\"B\",\"ts\":{Events + 3}}}",
    ];

    private static PatternSet Patterns(string match) => Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", match));

    /// <summary>With a last step that throws for the key `z`.</summary>
    private static Pattern WithCode(Pattern pattern)
    {
        var last = (EventStep)pattern.Steps[1];
        var key = last.Stream!.ClrType.GetField("k")!;
        var throws = new OpaqueExpr((e, _) => (string?)key.GetValue(e) == "z" ? throw new InvalidOperationException("on purpose") : true, readsTaken: false, []);
        return pattern with { Steps = [pattern.Steps[0], last with { Where = ExprFactory.Binary(BinaryOperator.And, last.Where!, throws) }] };
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
}
