using System.Globalization;
using Cep.Benchmarks.Queries;
using Cep.Benchmarks.Report;
using Cep.Benchmarks.Streams;
using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;
using Cep.Engine.Streams;
using Cep.Events;
using Cep.Matching;
using Cep.Patterns;
using Cep.Rules;
using Cep.Streaming;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Swaps;

namespace Cep.Benchmarks.State;

/// <summary>
/// How long the stream stops at the barrier of a swap, with a partial match alive for every key: a rule comes to one that stays, and that one changes and carries
/// its partial matches or begins anew.
/// </summary>
/// <remarks>What the barrier itself takes is told apart from the slices in which the checkpoint is written while the stream goes on. Times are of the processor.</remarks>
internal sealed class SwapBenchmark(Options options) : Benchmark
{
    private const int BatchSize = 256;

    // As the runtime writes them.
    private const long SliceBytes = 256 << 10;

    private readonly Table _table = new("Swap at a barrier, a partial match a key", "what happens to the rule", "partial matches", "barrier ms", "longest slice ms", "next watermark ms");

    public override Table Run()
    {
        Run("unchanged, another is added", 90, SwapPolicy.Carry, adds: true);
        Run("changed, carried", 91, SwapPolicy.Carry, adds: false);
        Run("changed, begins anew", 91, SwapPolicy.Reset, adds: false);
        return _table;
    }

    private void Run(string what, double above, SwapPolicy policy, bool adds)
    {
        var (before, after) = (Rules(90, adds: false), Rules(above, adds));
        var (barrier, slice, watermark) = (new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            var rules = new RunningRules(before, parallelism: 1);
            var op = new OperatorSubtask<StreamEvent, Match>(new CepOperator(rules, subtask: 0));
            Fill(op);
            var alive = rules.CountsOf(rules.Patterns.Compiled[0]).PartialMatches;
            Expect("partial matches before the swap", options.Events, alive);
            var swap = new RuleSwap(rules, SwapPlan.Of(before, after, policy, keepsState: true, _ => alive), after);
            GC.Collect();
            OperatorSnapshot snapshot = null!;
            barrier.Add(Timed(() =>
            {
                snapshot = op.Operator.BeginSnapshot(SnapshotKind.Full)!;
                op.Operator.Apply(swap);
            }));
            slice.Add(LongestSlice(snapshot));
            watermark.Add(Timed(() => op.Operator.AdvanceWatermark(options.Events + 1)));
            Expect("partial matches at the swap", options.Events, swap.Done().Rules[0].PartialMatches ?? 0);
        }
        _table.Add(what, Format.Count(options.Events), Median(barrier), Median(slice), Median(watermark));
    }

    private static PatternSet Rules(double above, bool adds)
    {
        var ticks = new Ticks(EventType.Of<Tick>());
        var stream = new StreamDefinition(EventType.Of<Tick>(), Time: null);
        Rule Rule(string name, double price) => new()
        {
            Name = name,
            Inputs = [new RuleInput(stream, [ticks.Key], Where: null)],
            Pattern = new Pattern
            {
                Steps = [ticks.Step("a", ticks.TypeIs("A"), ticks.Above(price)), ticks.Step("b", ticks.TypeIs("B"))],
                WithinMs = (long)TimeSpan.FromDays(1).TotalMilliseconds,
            },
        };
        return PatternSet.Compile(new RuleSet([stream], adds ? [Rule("stays", above), Rule("added", 99)] : [Rule("stays", above)]));
    }

    private void Fill(OperatorSubtask<StreamEvent, Match> op)
    {
        var batch = new StreamRecord<StreamEvent>[BatchSize];
        for (var from = 0; from < options.Events; from += BatchSize)
        {
            var count = Math.Min(BatchSize, options.Events - from);
            for (var i = 0; i < count; i++)
            {
                var tick = new Tick { Key = from + i, Type = "A", Price = 95, TimeMs = from + i + 1 };
                batch[i] = new StreamRecord<StreamEvent>(new StreamEvent(0, tick), tick.TimeMs, from + i, keyGroup: 0);
            }
            op.Process(batch.AsSpan(0, count));
            op.Operator.AdvanceWatermark(from + count);
        }
    }

    private static TimeSpan LongestSlice(OperatorSnapshot snapshot)
    {
        using var writer = new SegmentWriter("benchmark", 0, SnapshotKind.Full);
        var longest = TimeSpan.Zero;
        for (var isDone = false; !isDone;)
        {
            var slice = Timed(() => isDone = snapshot.Write(writer, SliceBytes));
            longest = slice > longest ? slice : longest;
        }
        return longest;
    }

    private static TimeSpan Timed(Action work)
    {
        var from = Environment.CpuUsage.TotalTime;
        work();
        return Environment.CpuUsage.TotalTime - from;
    }

    /// <summary>The median of the rounds, in milliseconds; the first round is for the compiler and does not count.</summary>
    private static string Median(List<TimeSpan> rounds) =>
        rounds.Skip(1).Order().ElementAt((rounds.Count - 1) / 2).TotalMilliseconds.ToString("N1", CultureInfo.InvariantCulture);
}
