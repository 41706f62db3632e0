using Cep.Engine.Checkpoints;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

public sealed class SavepointTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("cep-savepoint-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public async Task A_savepoint_is_a_manifest_and_segments_and_nothing_else()
    {
        await WrittenTo("s");
        string[] entries = Directory.EnumerateFileSystemEntries(Path.Combine(_path, "s")).Select(e => Path.GetFileName(e)).Order().ToArray();
        Assert.Equal(["manifest.json", "segments"], entries);
        Assert.Equal(4, Directory.EnumerateFiles(Path.Combine(_path, "s", "segments"), "*.seg").Count());
    }

    [Fact]
    public async Task A_savepoint_needs_a_folder_of_its_own()
    {
        await WrittenTo("s");
        string folder = Path.Combine(_path, "s");
        var refused = Assert.Throws<CheckpointStoreException>(() => Savepoint.Create(folder));
        Assert.Equal($"The folder {folder} is not empty. A savepoint needs a folder of its own.", refused.Message);
    }

    [Fact]
    public void A_folder_without_a_manifest_is_no_savepoint()
    {
        var refused = Assert.Throws<CheckpointStoreException>(() => Savepoint.Open(_path));
        Assert.Equal($"There is no savepoint in {_path}: it has no manifest.json.", refused.Message);
        string missing = Path.Combine(_path, "missing");
        Assert.Equal($"There is no folder {missing}.", Assert.Throws<CheckpointStoreException>(() => Savepoint.Open(missing)).Message);
    }

    [Fact]
    public async Task A_checkpoint_is_no_savepoint()
    {
        using FolderCheckpointStore store = FolderCheckpointStore.Open(_path);
        var job = new ModelJob(store, 1);
        job.Work(10);
        await job.CheckpointAsync();
        string folder = Path.Combine(_path, "chk-1");
        var refused = Assert.Throws<CheckpointStoreException>(() => Savepoint.Open(folder));
        Assert.Equal($"There is no savepoint in {folder}, but one checkpoint of several. Give the folder above it as the checkpoint folder.", refused.Message);
    }

    [Fact]
    public async Task A_damaged_savepoint_is_refused()
    {
        await WrittenTo("s");
        string file = Directory.EnumerateFiles(Path.Combine(_path, "s", "segments")).Order().First();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(file, bytes);
        var refused = Assert.Throws<CorruptSnapshotException>(() => Savepoint.Open(Path.Combine(_path, "s")).Verify());
        Assert.Equal($"segments/{Path.GetFileName(file)}", refused.Name);
        File.Delete(file);
        refused = Assert.Throws<CorruptSnapshotException>(() => Savepoint.Open(Path.Combine(_path, "s")).Verify());
        Assert.Equal("it is missing", refused.Reason);
    }

    private async Task<ModelJob> WrittenTo(string name)
    {
        var job = new ModelJob(new MemoryCheckpointStore(), seed: 3);
        job.Work(500);
        await job.SavepointAsync(Path.Combine(_path, name));
        return job;
    }
}
