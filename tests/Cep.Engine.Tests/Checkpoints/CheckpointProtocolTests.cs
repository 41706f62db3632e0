using Cep.Engine.Checkpoints;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

public class CheckpointProtocolTests
{
    private static readonly SnapshotWriter A = new("a", 0);
    private static readonly SnapshotWriter B = new("b", 0);

    private static readonly CheckpointSettings Settings = new() { IntervalMs = 100, MinimumPauseMs = 0, TimeoutMs = 1_000, TolerableFailures = 1, Retained = 1 };

    private readonly CheckpointProtocol _protocol = new(Settings, [A, B], null, 0);
    private long _nowMs;

    [Fact]
    public void A_checkpoint_is_complete_when_everybody_has_handed_in_and_the_manifest_is_written()
    {
        CheckpointDecision.SendBarrier barrier = Assert.IsType<CheckpointDecision.SendBarrier>(Assert.Single(At(100)));
        Assert.Equal((1, SnapshotKind.Full, null), (barrier.CheckpointId, barrier.Kind, barrier.RequestId));
        Assert.Empty(Tell(Stored(1, A, 100)));
        var write = Assert.IsType<CheckpointDecision.WriteManifest>(Assert.Single(Tell(Stored(1, B, 100))));
        Assert.Equal(["a", "b"], write.Chains.Select(c => c.Uid));
        Assert.IsType<CheckpointDecision.NotifyComplete>(Assert.Single(Tell(Written(write))));
    }

    [Fact]
    public void The_next_checkpoint_begins_after_the_interval_and_writes_changes_only()
    {
        Complete(At(100), A, B);
        Assert.Empty(At(199));
        Assert.Equal(SnapshotKind.Incremental, Barrier(At(200)).KindOf(A));
    }

    [Fact]
    public void The_pause_holds_the_next_checkpoint_back()
    {
        var protocol = new CheckpointProtocol(Settings with { MinimumPauseMs = 50 }, [A], null, 0);
        protocol.Handle(new CheckpointFact.Tick(), 100);
        var write = (CheckpointDecision.WriteManifest)protocol.Handle(Stored(1, A, 1), 190)[0];
        protocol.Handle(Written(write), 190);
        Assert.Equal(240, protocol.NextTickMs);
        Assert.Empty(protocol.Handle(new CheckpointFact.Tick(), 239));
        Assert.Equal(2, Barrier(protocol.Handle(new CheckpointFact.Tick(), 240)).CheckpointId);
    }

    [Fact]
    public void A_checkpoint_that_takes_too_long_is_given_up_and_names_whom_it_waited_for()
    {
        At(100);
        Tell(Stored(1, A, 100));
        var decisions = At(1_100);
        Assert.Equal("Checkpoint 1 took longer than 1000 ms: nothing came of b/0.", Assert.IsType<CheckpointDecision.Abort>(decisions[0]).Reason);
        CheckpointDecision.SendBarrier next = Barrier(decisions.Skip(1).ToArray());
        Assert.Equal((SnapshotKind.Incremental, SnapshotKind.Full), (next.KindOf(A), next.KindOf(B)));
    }

    [Fact]
    public void A_writer_whose_segment_is_lost_writes_everything_the_next_time()
    {
        Complete(At(100), A, B);
        At(200);
        Tell(Stored(2, B, 10));
        var decisions = Tell(new CheckpointFact.NotStored(2, A, "The disk is full."));
        Assert.Equal("The disk is full.", Assert.IsType<CheckpointDecision.Abort>(Assert.Single(decisions)).Reason);
        CheckpointDecision.SendBarrier next = Barrier(At(300));
        Assert.Equal((SnapshotKind.Full, SnapshotKind.Incremental), (next.KindOf(A), next.KindOf(B)));
    }

    [Fact]
    public void What_a_given_up_checkpoint_stored_stays_in_the_chain()
    {
        Complete(At(100), A, B);
        At(200);
        Tell(Stored(2, B, 10));
        Tell(new CheckpointFact.NotStored(2, A, "The disk is full."));
        At(300);
        Tell(Stored(3, A, 100));
        var write = (CheckpointDecision.WriteManifest)Tell(Stored(3, B, 10))[0];
        Assert.Equal([1, 1 + 2], write.Chains.Select(c => c.Chain.Segments.Count));
        Assert.Equal(CheckpointNames.SegmentOf(2, "b", 0), write.Chains[1].Chain.Segments[1].Name);
    }

    [Fact]
    public void What_comes_too_late_counts_no_more_and_is_deleted()
    {
        At(100);
        Tell(Stored(1, A, 100));
        At(1_100);
        Assert.Empty(Tell(Stored(1, B, 100)));
        Tell(Stored(2, A, 10));
        var write = (CheckpointDecision.WriteManifest)Tell(Stored(2, B, 100))[0];
        var decisions = Tell(Written(write));
        Assert.Equal([CheckpointNames.SegmentOf(1, "b", 0)], decisions.OfType<CheckpointDecision.Delete>().Single().Names);
    }

    [Fact]
    public void A_chain_begins_anew_when_changes_exceed_half_of_its_base()
    {
        Complete(At(100), A, B);
        Complete(At(200), (A, 50), (B, 10));
        Assert.Equal(SnapshotKind.Incremental, Barrier(At(300)).KindOf(A));
        Tell(Stored(3, A, 1));
        Tell(Written((CheckpointDecision.WriteManifest)Tell(Stored(3, B, 1))[0]));
        CheckpointDecision.SendBarrier next = Barrier(At(400));
        Assert.Equal((SnapshotKind.Full, SnapshotKind.Incremental), (next.KindOf(A), next.KindOf(B)));
    }

    [Fact]
    public void A_segment_that_holds_everything_begins_a_chain_unasked()
    {
        Complete(At(100), A, B);
        At(200);
        Tell(Stored(2, A, 90) with { IsFull = true });
        var write = (CheckpointDecision.WriteManifest)Tell(Stored(2, B, 9))[0];
        Assert.Equal([CheckpointNames.SegmentOf(2, "a", 0)], write.Chains[0].Chain.Segments.Select(f => f.Name));
        Assert.Equal(2, write.Chains[1].Chain.Segments.Count);
    }

    [Fact]
    public void A_checkpoint_that_is_not_kept_goes_and_its_manifest_first()
    {
        Complete(At(100), A, B);
        Complete(At(200), (A, 60), (B, 10));
        var decisions = Complete(At(300), (A, 100), (B, 10));
        var delete = decisions.OfType<CheckpointDecision.Delete>().Single();
        Assert.Contains(CheckpointNames.ManifestOf(2), delete.Names);
        string[] segments = [CheckpointNames.SegmentOf(1, "a", 0), CheckpointNames.SegmentOf(2, "a", 0)];
        Assert.Equal(segments, delete.Names.Where(n => !CheckpointNames.IsManifest(n)));
        Assert.True(delete.Names.TakeWhile(CheckpointNames.IsManifest).Any());
    }

    [Fact]
    public void What_could_not_be_deleted_is_asked_for_again()
    {
        Complete(At(100), A, B);
        var first = Complete(At(200), A, B).OfType<CheckpointDecision.Delete>().Single();
        Assert.Equal([CheckpointNames.ManifestOf(1)], first.Names);
        var again = Complete(At(300), (A, 1), (B, 1)).OfType<CheckpointDecision.Delete>().Single();
        Assert.Contains(CheckpointNames.ManifestOf(1), again.Names);
        Tell(new CheckpointFact.Deleted(again.Names));
        Assert.DoesNotContain(CheckpointNames.ManifestOf(1), Complete(At(400), (A, 1), (B, 1)).OfType<CheckpointDecision.Delete>().Single().Names);
    }

    [Fact]
    public void A_savepoint_stands_for_itself_and_leaves_chains_alone()
    {
        Complete(At(100), A, B);
        CheckpointDecision.SendBarrier barrier = Barrier(Tell(new CheckpointFact.Requested(7, IsSavepoint: true)));
        Assert.Equal((SnapshotKind.Savepoint, 7L), (barrier.KindOf(A), barrier.RequestId!.Value));
        Tell(new CheckpointFact.Stored(2, A, new SegmentFile("segments/a", 100, 0)));
        var write = (CheckpointDecision.WriteManifest)Tell(new CheckpointFact.Stored(2, B, new SegmentFile("segments/b", 100, 0)))[0];
        Assert.True(write.IsSavepoint);
        Assert.Equal(["segments/a", "segments/b"], write.Chains.SelectMany(c => c.Chain.Segments).Select(f => f.Name));
        Assert.Equal(7, Assert.IsType<CheckpointDecision.NotifyComplete>(Assert.Single(Tell(Written(write)))).RequestId);
        Assert.Equal([1L], _protocol.Kept.Select(m => m.CheckpointId));
        Assert.Equal(SnapshotKind.Incremental, Barrier(At(200)).KindOf(A));
    }

    [Fact]
    public void A_request_waits_for_the_checkpoint_that_is_under_way()
    {
        var barrier = At(100);
        Assert.Empty(Tell(new CheckpointFact.Requested(7, IsSavepoint: false)));
        var decisions = Complete(barrier, A, B);
        Assert.Equal(7, decisions.OfType<CheckpointDecision.SendBarrier>().Single().RequestId);
    }

    [Fact]
    public void Too_many_failures_in_a_row_fail_the_job()
    {
        At(100);
        Assert.Single(Tell(new CheckpointFact.NotStored(1, A, "The disk is full.")));
        At(200);
        Tell(new CheckpointFact.Requested(7, IsSavepoint: true));
        var decisions = Tell(new CheckpointFact.NotStored(2, A, "The disk is full."));
        Assert.Equal("2 checkpoints in a row have failed. The disk is full.", decisions.OfType<CheckpointDecision.FailJob>().Single().Reason);
        Assert.Equal(7, decisions.OfType<CheckpointDecision.Abort>().Last().RequestId);
        Assert.Null(_protocol.NextTickMs);
        Assert.Empty(At(10_000));
    }

    [Fact]
    public void Success_forgives_failures()
    {
        At(100);
        Tell(new CheckpointFact.NotStored(1, A, "The disk is full."));
        Complete(At(200), A, B);
        At(300);
        Assert.Empty(Tell(new CheckpointFact.NotStored(3, A, "The disk is full.")).OfType<CheckpointDecision.FailJob>());
    }

    [Fact]
    public void A_failed_savepoint_fails_nothing_else()
    {
        for (long id = 1; id <= 5; id++)
        {
            Tell(new CheckpointFact.Requested(id, IsSavepoint: true));
            var abort = Assert.IsType<CheckpointDecision.Abort>(Assert.Single(Tell(new CheckpointFact.NotStored(id, A, "The disk is full."))));
            Assert.Equal(id, abort.RequestId);
        }
    }

    [Fact]
    public void After_the_input_only_requests_begin_checkpoints()
    {
        Tell(new CheckpointFact.InputEnded());
        Assert.Empty(At(10_000));
        Assert.Equal(7, Barrier(Tell(new CheckpointFact.Requested(7, false))).RequestId);
    }

    [Fact]
    public void A_stopped_job_answers_everybody_who_waits()
    {
        At(100);
        Tell(new CheckpointFact.Requested(7, false));
        var aborts = Tell(new CheckpointFact.JobStopped("The job was canceled.")).Cast<CheckpointDecision.Abort>().ToArray();
        Assert.Equal([(1L, null), (0L, (long?)7)], aborts.Select(a => (a.CheckpointId, a.RequestId)));
        Assert.Equal("The job has ended.", Assert.IsType<CheckpointDecision.Abort>(Assert.Single(Tell(new CheckpointFact.Requested(8, false)))).Reason);
    }

    [Fact]
    public void A_manifest_that_comes_after_it_was_given_up_is_deleted()
    {
        At(100);
        Tell(Stored(1, A, 100));
        var late = (CheckpointDecision.WriteManifest)Tell(Stored(1, B, 100))[0];
        var decisions = At(1_100);
        Assert.Equal("Checkpoint 1 took longer than 1000 ms: its manifest was not written.", ((CheckpointDecision.Abort)decisions[0]).Reason);
        Assert.Empty(Tell(Written(late)));
        var deleted = Complete([decisions[1]], (A, 1), (B, 1)).OfType<CheckpointDecision.Delete>().Single();
        Assert.Equal([CheckpointNames.ManifestOf(1)], deleted.Names);
    }

    [Fact]
    public void An_attempt_goes_on_with_the_numbers_of_the_store_and_clears_what_is_left_there()
    {
        string left = CheckpointNames.SegmentOf(9, "a", 0);
        var kept = new Manifest(8, false, 0, 1, 128, [], new Dictionary<string, string>());
        var protocol = new CheckpointProtocol(Settings with { Retained = 2 }, [A], new CheckpointHistory(null, [kept], [], 9, [left]), 0);
        Assert.Equal(10, Barrier(protocol.Handle(new CheckpointFact.Tick(), 100)).CheckpointId);
        var write = (CheckpointDecision.WriteManifest)protocol.Handle(Stored(10, A, 1), 100)[0];
        Assert.Equal([left], protocol.Handle(Written(write), 100).OfType<CheckpointDecision.Delete>().Single().Names);
        Assert.Equal([8L, 10L], protocol.Kept.Select(m => m.CheckpointId));
    }

    [Fact]
    public void Whatever_happens_in_whatever_order_the_promises_are_kept()
    {
        (int completed, int aborted) = (0, 0);
        for (int seed = 0; seed < 200; seed++)
        {
            try
            {
                var world = new ProtocolWorld(seed);
                world.Run(1_500);
                (completed, aborted) = (completed + world.Completed, aborted + world.Aborted);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }
        }

        // The worlds are troubled, and not so much that nothing succeeds.
        Assert.InRange(completed, 1_000, int.MaxValue);
        Assert.InRange(aborted, 500, int.MaxValue);
    }

    private static CheckpointFact.Stored Stored(long id, SnapshotWriter writer, long bytes) =>
        new(id, writer, new SegmentFile(CheckpointNames.SegmentOf(id, writer.Uid, writer.Subtask), bytes, 0));

    private static CheckpointFact.ManifestWritten Written(CheckpointDecision.WriteManifest write) =>
        new(new Manifest(write.CheckpointId, write.IsSavepoint, 0, 1, 128, write.Operators(uid => uid), new Dictionary<string, string>()));

    private static CheckpointDecision.SendBarrier Barrier(IReadOnlyList<CheckpointDecision> decisions) =>
        Assert.IsType<CheckpointDecision.SendBarrier>(Assert.Single(decisions));

    private IReadOnlyList<CheckpointDecision> At(long nowMs)
    {
        _nowMs = nowMs;
        return Tell(new CheckpointFact.Tick());
    }

    private IReadOnlyList<CheckpointDecision> Tell(CheckpointFact fact) => _protocol.Handle(fact, _nowMs);

    private IReadOnlyList<CheckpointDecision> Complete(IReadOnlyList<CheckpointDecision> begun, params SnapshotWriter[] writers) =>
        Complete(begun, writers.Select(w => (w, 100L)).ToArray());

    private IReadOnlyList<CheckpointDecision> Complete(IReadOnlyList<CheckpointDecision> begun, params (SnapshotWriter Writer, long Bytes)[] stored)
    {
        long id = Barrier(begun).CheckpointId;
        IReadOnlyList<CheckpointDecision> decisions = [];
        foreach ((SnapshotWriter writer, long bytes) in stored) decisions = Tell(Stored(id, writer, bytes));
        return Tell(Written((CheckpointDecision.WriteManifest)decisions[0]));
    }
}
