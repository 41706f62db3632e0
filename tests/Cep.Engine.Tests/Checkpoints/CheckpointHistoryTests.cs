using Cep.Engine.Checkpoints;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

public class CheckpointHistoryTests
{
    private readonly MemoryCheckpointStore _store = new();

    [Fact]
    public async Task An_empty_store_has_nothing_to_go_on_from()
    {
        CheckpointHistory history = CheckpointHistory.Load(_store);
        Assert.Null(history.Latest);
        Assert.Equal(0, history.LastId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(128)]
    public async Task The_latest_checkpoint_brings_back_what_there_was_at_any_parallelism(int parallelism)
    {
        var job = new ModelJob(_store, seed: 11);
        for (int i = 0; i < 12; i++)
        {
            job.Work(40);
            await job.CheckpointAsync();
            CheckpointHistory history = CheckpointHistory.Load(_store);
            Assert.Equal(job.Counts, ModelJob.Restored(history.Latest!, parallelism));
            Assert.Empty(history.Leftovers);
        }
    }

    [Fact]
    public async Task Segments_without_a_manifest_are_leftovers()
    {
        await _store.WriteAsync(CheckpointNames.SegmentOf(5, "a", 0), Segments.Full("1 a=1"));
        await _store.WriteAsync("notes.txt", [new byte[1]]);
        CheckpointHistory history = CheckpointHistory.Load(_store);
        Assert.Null(history.Latest);
        Assert.Equal(5, history.LastId);
        Assert.Equal([CheckpointNames.SegmentOf(5, "a", 0)], history.Leftovers);
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_refused_with_the_reason_and_the_one_before_is_used()
    {
        ModelJob job = await Worked(checkpoints: 3);
        await Damage(CheckpointNames.SegmentOf(3, "counter", 1), b => b[^1] ^= 1);
        CheckpointHistory history = CheckpointHistory.Load(_store);
        Assert.Equal(2, history.Latest!.Manifest.CheckpointId);
        Assert.Equal(job.AtCheckpoint[2], ModelJob.Restored(history.Latest, 1));
        RefusedCheckpoint refused = Assert.Single(history.Refused);
        Assert.Equal(CheckpointNames.ManifestOf(3), refused.Name);
        Assert.StartsWith($"The snapshot file {CheckpointNames.SegmentOf(3, "counter", 1)} is damaged: ", refused.Reason);
        Assert.Contains(CheckpointNames.ManifestOf(3), history.Leftovers);
    }

    [Fact]
    public async Task A_manifest_that_is_gone_is_missed()
    {
        await Worked(checkpoints: 3);
        await _store.DeleteAsync(CheckpointNames.ManifestOf(3));
        CheckpointHistory history = CheckpointHistory.Load(_store);
        Assert.Equal(2, history.Latest!.Manifest.CheckpointId);
        Assert.Equal("The snapshot file chk-3/manifest.json is damaged: it is missing.", Assert.Single(history.Refused).Reason);
    }

    [Fact]
    public async Task A_job_does_not_begin_from_nothing_when_no_checkpoint_is_whole()
    {
        await Worked(checkpoints: 1);
        await _store.DeleteAsync(CheckpointNames.ManifestOf(1));
        var refused = Assert.Throws<CorruptSnapshotException>(() => CheckpointHistory.Load(_store));
        Assert.Equal(
            "No checkpoint is whole, so the job cannot go on from where it stood. The snapshot file chk-1/manifest.json is damaged: it is missing.", refused.Message);
    }

    [Fact]
    public async Task One_segment_does_not_pass_for_another()
    {
        await Worked(checkpoints: 3);
        byte[] other = CheckpointHistory.ReadAll(_store, CheckpointNames.SegmentOf(3, "counter", 0))!;
        await _store.WriteAsync(CheckpointNames.SegmentOf(3, "counter", 1), [other]);
        Assert.Equal(2, (CheckpointHistory.Load(_store)).Latest!.Manifest.CheckpointId);
    }

    [Fact]
    public async Task A_whole_segment_of_the_same_writer_and_length_does_not_pass_for_the_one_that_was_named()
    {
        using Segment named = Segments.Full("1 a=1");
        Segment other = Segments.Full("1 a=2");
        Assert.Equal(named.Bytes, other.Bytes);
        var chain = new SegmentChain(0, [new SegmentFile("a.seg", named.Bytes, named.Checksum)]);
        var manifest = new Manifest(1, false, 0, 1, 128, [new OperatorState("counter", "counter", [chain])], new Dictionary<string, string>());
        await _store.WriteAsync("a.seg", named.Chunks);
        Assert.Equal(["1 a=1"], Segments.Read(Snapshot.Verify(_store, manifest).ReaderOf("counter", Segments.All)));
        await _store.WriteAsync("a.seg", other);
        var refused = Assert.Throws<CorruptSnapshotException>(() => Snapshot.Verify(_store, manifest));
        Assert.Equal("it is another segment than the one that was written", refused.Reason);
    }

    [Fact]
    public async Task A_checkpoint_of_a_newer_version_is_not_passed_over()
    {
        await Worked(checkpoints: 2);
        byte[] segment = CheckpointHistory.ReadAll(_store, CheckpointNames.SegmentOf(2, "counter", 0))!;
        segment[4] = 9;
        BitConverter.TryWriteBytes(segment.AsSpan(8), Crc32C.Of(segment.AsSpan(0, 8)));
        await _store.WriteAsync(CheckpointNames.SegmentOf(2, "counter", 0), [segment]);
        var refused = Assert.Throws<SnapshotVersionException>(() => CheckpointHistory.Load(_store));
        Assert.Equal((9, 1), (refused.Found, refused.Newest));
    }

    private async Task<ModelJob> Worked(int checkpoints)
    {
        var job = new ModelJob(_store, seed: 5);
        for (int i = 0; i < checkpoints; i++)
        {
            job.Work(50);
            await job.CheckpointAsync();
        }

        return job;
    }

    private async Task Damage(string name, Action<byte[]> damage)
    {
        byte[] bytes = CheckpointHistory.ReadAll(_store, name)!;
        damage(bytes);
        await _store.WriteAsync(name, [bytes]);
    }
}
