using Cep.Engine.Checkpoints;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

/// <summary>What every store promises.</summary>
public abstract class CheckpointStoreTests
{
    protected abstract CheckpointStore Store { get; }

    [Fact]
    public async Task What_was_written_is_read()
    {
        await Store.WriteAsync("chk-1/a.seg", [new byte[] { 1, 2 }, new byte[] { 3 }]);
        Assert.Equal([1, 2, 3], await Read("chk-1/a.seg"));
    }

    [Fact]
    public async Task Writing_again_replaces_all_of_it()
    {
        await Store.WriteAsync("a", [new byte[] { 1, 2, 3 }]);
        await Store.WriteAsync("a", [new byte[] { 9 }]);
        Assert.Equal([9], await Read("a"));
    }

    [Fact]
    public async Task Objects_are_listed_by_name_with_their_length()
    {
        foreach (string name in new[] { "chk-2/b", "chk-1/x/y", "chk-1/a" }) await Store.WriteAsync(name, [new byte[name.Length]]);
        Assert.Equal([new StoredObject("chk-1/a", 7), new StoredObject("chk-1/x/y", 9), new StoredObject("chk-2/b", 7)], Store.List(""));
        Assert.Equal(["chk-1/a", "chk-1/x/y"], (Store.List("chk-1/")).Select(o => o.Name));
    }

    [Fact]
    public async Task Deleting_twice_is_deleting()
    {
        await Store.WriteAsync("chk-1/a", [new byte[1]]);
        await Store.DeleteAsync("chk-1/a");
        await Store.DeleteAsync("chk-1/a");
        Assert.Null(Store.OpenRead("chk-1/a"));
        Assert.Empty(Store.List(""));
    }

    [Fact]
    public async Task A_canceled_write_leaves_what_was_there()
    {
        await Store.WriteAsync("a", [new byte[] { 1 }]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.WriteAsync("a", [new byte[] { 2 }], new CancellationToken(true)));
        Assert.Equal([1], await Read("a"));
    }

    [Fact]
    public async Task Writing_a_segment_gives_its_memory_back()
    {
        Segment segment = Segments.Full("1 a=1");
        byte[] bytes = segment.ToArray();
        await Store.WriteAsync("a.seg", segment);
        Assert.Equal(bytes, await Read("a.seg"));
        Assert.Throws<ObjectDisposedException>(() => segment.Chunks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../a")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/../../b")]
    [InlineData(".lock")]
    [InlineData("a/.b")]
    [InlineData("C:a")]
    [InlineData("a\\b")]
    [InlineData("a\0")]
    public async Task What_is_no_name_is_refused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.WriteAsync(name, [new byte[1]]));
        Assert.Throws<ArgumentException>(() => Store.OpenRead(name));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.DeleteAsync(name));
    }

    protected async Task<byte[]> Read(string name)
    {
        await using Stream stream = Store.OpenRead(name)!;
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        Assert.Equal(-1, stream.ReadByte());
        return bytes;
    }
}

public class MemoryCheckpointStoreTests : CheckpointStoreTests
{
    protected override CheckpointStore Store { get; } = new MemoryCheckpointStore();
}

public sealed class FolderCheckpointStoreTests : CheckpointStoreTests, IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("cep-store-").FullName;
    private readonly FolderCheckpointStore _store;

    public FolderCheckpointStoreTests() => _store = FolderCheckpointStore.Open(_path);

    protected override CheckpointStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [Fact]
    public void A_folder_that_is_in_use_is_refused()
    {
        var refused = Assert.Throws<CheckpointStoreException>(() => FolderCheckpointStore.Open(_path));
        Assert.Equal($"The checkpoint folder {_path} is in use by another job. Give each job a folder of its own.", refused.Message);
    }

    [Fact]
    public async Task A_folder_in_use_can_be_read()
    {
        await _store.WriteAsync("a", [new byte[] { 5 }]);
        using FolderCheckpointStore reader = FolderCheckpointStore.OpenReadOnly(_path);
        using Stream stream = reader.OpenRead("a")!;
        Assert.Equal(5, stream.ReadByte());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.WriteAsync("a", [new byte[1]]));
    }

    [Fact]
    public async Task What_a_process_left_unfinished_is_cleared()
    {
        await _store.WriteAsync("a", [new byte[1]]);
        _store.Dispose();
        string torn = Path.Combine(_path, ".writing", "7");
        File.WriteAllBytes(torn, [1, 2]);
        using FolderCheckpointStore again = FolderCheckpointStore.Open(_path);
        Assert.False(File.Exists(torn));
        Assert.Equal(["a"], (again.List("")).Select(o => o.Name));
    }

    [Fact]
    public async Task Folders_go_with_their_last_file()
    {
        await _store.WriteAsync("chk-1/x/a", [new byte[1]]);
        await _store.WriteAsync("chk-1/b", [new byte[1]]);
        await _store.DeleteAsync("chk-1/x/a");
        Assert.Equal(["b"], Directory.EnumerateFileSystemEntries(Path.Combine(_path, "chk-1")).Select(Path.GetFileName));
        await _store.DeleteAsync("chk-1/b");
        Assert.False(Directory.Exists(Path.Combine(_path, "chk-1")));
    }

    [Fact]
    public async Task What_stands_in_the_way_is_named()
    {
        File.WriteAllBytes(Path.Combine(_path, "chk-1"), [1]);
        var failed = await Assert.ThrowsAsync<CheckpointStoreException>(async () => await _store.WriteAsync("chk-1/a", [new byte[1]]));
        Assert.StartsWith($"The file {Path.Combine(_path, "chk-1", "a")} cannot be written: ", failed.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_path, ".writing")));
    }

    [Fact]
    public async Task A_full_disk_is_said_so()
    {
        // Writing to this device always fails for want of space.
        if (!File.Exists("/dev/full")) return;
        File.CreateSymbolicLink(Path.Combine(_path, ".writing", "1"), "/dev/full");
        var failed = await Assert.ThrowsAsync<CheckpointStoreException>(async () => await _store.WriteAsync("a", [new byte[1]]));
        Assert.Equal($"The file {Path.Combine(_path, "a")} cannot be written: there is no space left on the disk.", failed.Message);
        Assert.Null(_store.OpenRead("a"));
    }
}
