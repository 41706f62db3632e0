using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;
using Cep.Streaming.Jobs;
using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Swaps;

/// <summary>Random rule sets that take each other's place between random events, with snapshots under way: as each rule alone for as long as it runs.</summary>
public class RandomSwapTests
{
    private const int Acts = 500;

    /// <summary>Seeds, and whether rules are drained.</summary>
    public static TheoryData<int, bool> Seeds
    {
        get
        {
            var seeds = new TheoryData<int, bool>();
            foreach (var seed in Enumerable.Range(1, 4))
            {
                seeds.Add(seed, false);
                seeds.Add(seed, true);
            }
            return seeds;
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_rule_tells_what_it_tells_alone_for_as_long_as_it_runs(int seed, bool drains)
    {
        var (run, told) = (new Driven(seed, drains), 0);
        for (var i = 0; i < Acts; i++)
        {
            var act = run.NextAct();
            run.BeginSnapshot();
            var op = act(run.Operator);
            var alone = act(run.History);
            Assert.Equal(alone, op);
            told += op.Length;
            run.GoOnWithSnapshot();
        }
        Assert.InRange(told, 300, int.MaxValue);
        Assert.InRange(run.Swaps, 5, Acts);
        if (drains)
            Assert.InRange(run.History.ToldOfDrained, 10, told);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_restored_from_a_snapshot_goes_on_as_what_was_not(int seed, bool drains)
    {
        var (run, restores) = (new Driven(100 + seed, drains), 0);
        var since = new List<(Func<IActed, string> Act, string Told)>();
        for (var i = 0; i < Acts; i++)
        {
            var act = run.NextAct();
            if (run.BeginSnapshot())
                since.Clear();
            since.Add((act, act(run.Operator)));
            if (run.GoOnWithSnapshot() is not { } restored)
                continue;
            Assert.All(since, s => Assert.Equal(s.Told, s.Act(restored)));
            restores++;
        }
        Assert.InRange(restores, 5, Acts);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rules_that_are_restored_from_what_others_wrote_go_on_as_if_they_had_been_swapped_there(int seed, bool drains)
    {
        var (run, random) = (new Driven(200 + seed, drains), new Random(seed));
        for (var round = 0; round < 3; round++)
        {
            for (var i = random.Next(20, 120); i > 0; i--)
                run.NextAct()(run.Operator);
            var writer = new SegmentWriter("rules", 0, SnapshotKind.Savepoint);
            run.Operator.Operator.BeginSnapshot(SnapshotKind.Savepoint).Write(writer, long.MaxValue);
            var (rules, policy) = run.NextRules();
            run.Operator.Swap(rules, policy);
            var restored = new DrivenOperator(Compiled.Patterns(Compiled.Letters + string.Concat(rules)), policy, run.Operator.Operator.Draining);
            restored.Restore([writer.Complete()], run.Operator.Operator.Sequence);
            var both = new Swapped(restored);
            for (var i = 0; i < 60; i++)
            {
                var act = run.NextAct();
                Assert.Equal(act(run.Operator), act(both));
            }
            Assert.NotEmpty(restored.Changes);
            Assert.Equal(run.Operator.Operator.Changes.TakeLast(restored.Changes.Count).Select(Tell), restored.Changes.Select(Tell));
        }
    }

    private static string Tell(RulesChanged changed) => $"{changed.WatermarkMs}: {string.Join(' ', changed.Rules.Select(r => r.ToString()).Order(StringComparer.Ordinal))}";

    /// <summary>What can be acted on: the operator, or what is expected of it.</summary>
    private interface IActed
    {
        public string Send(char letter, long timeMs, string key, long n);

        public string AdvanceTo(long timeMs);

        public string Swap(IReadOnlyList<string> rules, SwapPolicy policy);
    }

    private sealed class Expected(IReadOnlyList<string> rules) : IActed
    {
        private readonly RuleHistory _history = Begun(rules);

        public string Send(char letter, long timeMs, string key, long n)
        {
            _history.Send(letter, timeMs, key, n);
            return "";
        }

        public string AdvanceTo(long timeMs) => _history.AdvanceTo(timeMs);

        public string Swap(IReadOnlyList<string> rules, SwapPolicy policy)
        {
            _history.Swap(rules, policy);
            return "";
        }

        public int ToldOfDrained => _history.ToldOfDrained;

        private static RuleHistory Begun(IReadOnlyList<string> rules)
        {
            var history = new RuleHistory();
            history.Swap(rules, SwapPolicy.Carry);
            return history;
        }
    }

    private sealed class Swapped(DrivenOperator op) : IActed
    {
        public DrivenOperator Operator => op;

        public string Send(char letter, long timeMs, string key, long n)
        {
            op.Send(letter, timeMs, key, n);
            return "";
        }

        public string AdvanceTo(long timeMs) => string.Join('\n', op.Advance(timeMs).Select(m => $"{m.Rule.Name}: {op.Tell(m)}").Order(StringComparer.Ordinal));

        public string Swap(IReadOnlyList<string> rules, SwapPolicy policy)
        {
            Assert.True(op.Swap(Compiled.Patterns(Compiled.Letters + string.Concat(rules)), policy).IsPossible);
            return "";
        }
    }

    /// <summary>An operator with its snapshots, and what happens to it.</summary>
    private sealed class Driven
    {
        private readonly Random _random;
        private readonly RandomRules _next;
        private readonly List<Segment> _chain = [];
        private IReadOnlyList<string> _rules;
        private long _timeMs;
        private (OperatorSnapshot Snapshot, SegmentWriter Writer, SnapshotKind Kind, long Sequence, PatternSet Patterns, DrainingVersions Draining)? _taking;

        public Driven(int seed, bool drains)
        {
            _random = new Random(seed);
            _next = new RandomRules(_random, drains);
            _rules = _next.First();
            Operator = new Swapped(new DrivenOperator([.. _rules]));
            History = new Expected(_rules);
        }

        public Swapped Operator { get; }

        public Expected History { get; }

        public int Swaps { get; private set; }

        public Func<IActed, string> NextAct()
        {
            _timeMs += _random.Next(3);
            var (letter, key, timeMs, n) = ("ABC"[_random.Next(3)], "k" + _random.Next(8), _timeMs, _random.Next(5));
            if (_random.Next(30) == 0)
                return Swap();
            if (_random.Next(4) == 0)
                return on => on.AdvanceTo(timeMs);
            var atMs = timeMs + 1 + _random.Next(10);
            return on => on.Send(letter, atMs, key, n);
        }

        /// <summary>At times begins a snapshot.</summary>
        public bool BeginSnapshot()
        {
            if (_taking is not null || _random.Next(10) != 0)
                return false;
            var kind = _chain.Count == 0 ? SnapshotKind.Full : (SnapshotKind)_random.Next(3);
            var op = Operator.Operator;
            _taking = (op.BeginSnapshot(kind), new SegmentWriter("rules", 0, kind), kind, op.Sequence, op.Patterns, op.Draining);
            return true;
        }

        /// <summary>Writes on at a snapshot that is under way.</summary>
        /// <returns>Where it is complete, an operator that was restored from it.</returns>
        public Swapped? GoOnWithSnapshot()
        {
            if (_taking is not { } t || !t.Snapshot.Write(t.Writer, _random.Next(1, 900)))
                return null;
            _taking = null;
            if (t.Kind == SnapshotKind.Full)
                _chain.Clear();
            var segment = t.Writer.Complete();
            if (t.Kind != SnapshotKind.Savepoint)
                _chain.Add(segment);
            var restored = new DrivenOperator(t.Patterns, draining: t.Draining);
            restored.Restore(t.Kind == SnapshotKind.Savepoint ? [segment] : _chain, t.Sequence);
            return new Swapped(restored);
        }

        /// <summary>Other rules, with the policy under which they are to take the place of those that run.</summary>
        public (IReadOnlyList<string> Rules, SwapPolicy Policy) NextRules()
        {
            Swaps++;
            _rules = _next.Next(_rules);
            return (_rules, _next.Policy);
        }

        private Func<IActed, string> Swap()
        {
            var (rules, policy) = NextRules();
            return on => on.Swap(rules, policy);
        }
    }
}
