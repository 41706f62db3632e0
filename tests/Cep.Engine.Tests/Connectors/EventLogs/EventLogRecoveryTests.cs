using Cep.Engine.Connectors.EventLogs;
using Xunit;

namespace Cep.Engine.Tests.Connectors.EventLogs;

/// <summary>What is left of a log when the machine stopped, or the disk has changed what it was given.</summary>
public sealed class EventLogRecoveryTests : IDisposable
{
    private static readonly string[][] Batches = [["first"], ["second", "third"], ["fourth", "", "fifth"]];

    private readonly LogBed _bed = new();

    public void Dispose() => _bed.Dispose();

    private static IEnumerable<string> AllButLast => Batches[..^1].SelectMany(b => b);

    [Fact]
    public async Task A_batch_that_is_torn_at_any_byte_is_cut_whole_and_its_offsets_are_given_anew()
    {
        (string file, byte[] whole, int[] groups) = await Written();
        for (int length = groups[^1]; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(file, whole[..length]);
            using (EventLog log = _bed.Open())
            {
                Assert.Equal(length == groups[^1] ? null : new EventLogCut(file, groups[^1], length - groups[^1], 3), log.Cut);
                Assert.Equal(AllButLast, LogBed.Read(log));
                Assert.Equal(3, await log.AppendAsync(LogBed.Batch("again", "and again")));
            }

            Assert.Equal([.. AllButLast, "again", "and again"], _bed.ReadAll());
        }
    }

    [Fact]
    public async Task Any_wrong_bit_is_noticed()
    {
        (string file, byte[] whole, int[] groups) = await Written();
        for (int bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] bytes = [.. whole];
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(file, bytes);
            int group = groups.Count(start => start <= bit / 8) - 1;
            if (group == groups.Length - 1)
            {
                using EventLog log = _bed.Open();
                Assert.Equal(new EventLogCut(file, groups[^1], whole.Length - groups[^1], 3), log.Cut);
                Assert.Equal(AllButLast, LogBed.Read(log));
                continue;
            }

            var damaged = Assert.Throws<CorruptEventLogException>(() => _bed.Open());
            Assert.Equal((file, group < 0 ? 0 : groups[group]), (damaged.File, damaged.Position));
        }
    }

    [Fact]
    public async Task Damage_before_the_end_is_named_and_nothing_is_cut()
    {
        (string file, byte[] whole, int[] groups) = await Written();
        whole[groups[1] + EventLogFormat.GroupHeaderBytes + 5] ^= 1;
        await File.WriteAllBytesAsync(file, whole);
        var damaged = Assert.Throws<CorruptEventLogException>(() => _bed.Open());
        Assert.Equal($"The event log file {file} is damaged at byte {groups[1]}: entry 1 should begin there, and the entries from 3 on, after it, are whole.", damaged.Message);
        Assert.Equal(whole, await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task Any_wrong_bit_of_an_older_segment_is_noticed_at_the_latest_when_it_is_read()
    {
        _bed.Options = _bed.Options with { SegmentBytes = 4096 };
        string[] texts = [.. Enumerable.Range(0, 9).Select(i => new string((char)('a' + i), 600))];
        using (EventLog log = _bed.Open()) await LogBed.Append(log, [.. texts.Select(t => new[] { t })]);
        string older = _bed.Files[0];
        Assert.Equal(2, _bed.Files.Length);
        byte[] whole = await File.ReadAllBytesAsync(older);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] bytes = [.. whole];
            bytes[at] ^= (byte)(1 << (at % 8));
            await File.WriteAllBytesAsync(older, bytes);
            Assert.Equal(older, Assert.Throws<CorruptEventLogException>(() => _bed.ReadAll()).File);
        }
    }

    [Fact]
    public async Task An_older_segment_that_is_missing_or_ends_too_soon_is_named()
    {
        _bed.Options = _bed.Options with { SegmentBytes = 4096 };
        using (EventLog log = _bed.Open()) await LogBed.Append(log, [.. Enumerable.Range(0, 15).Select(_ => new[] { new string('x', 600) })]);
        string[] files = _bed.Files;
        Assert.Equal(3, files.Length);
        byte[] middle = await File.ReadAllBytesAsync(files[1]);
        File.Delete(files[1]);
        Assert.Equal($"The event log file {files[2]} is damaged at byte 0: entry 6 is in no file.", Assert.Throws<CorruptEventLogException>(() => _bed.ReadAll()).Message);
        await File.WriteAllBytesAsync(files[1], middle[..(28 + 2 * 640)]);
        Assert.Equal($"The event log file {files[2]} is damaged at byte 0: entry 8 is in no file.", Assert.Throws<CorruptEventLogException>(() => _bed.ReadAll()).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(28)]
    public async Task A_process_that_ended_while_it_made_a_segment_left_nothing_that_counts(int bytes)
    {
        using (EventLog log = _bed.Open()) await LogBed.Append(log, Batches);
        string next = Path.Combine(_bed.Path, EventLogFormat.FileName(6));
        await File.WriteAllBytesAsync(next, new byte[bytes]);
        using (EventLog log = _bed.Open())
        {
            Assert.Equal(new EventLogCut(next, 0, bytes, 6), log.Cut);
            Assert.Equal(Batches.SelectMany(b => b), LogBed.Read(log));
            Assert.Equal(6, await log.AppendAsync(LogBed.Entry("next")));
        }

        Assert.Equal([.. Batches.SelectMany(b => b), "next"], _bed.ReadAll());
    }

    [Fact]
    public async Task An_entry_that_looks_like_a_group_does_not_make_a_torn_end_damage()
    {
        (string file, byte[] whole, int[] groups) = await Written();
        byte[] forged = [.. whole[groups[0]..]];
        File.Delete(file);
        using (EventLog log = _bed.Open()) await log.AppendAsync(forged);
        byte[] bytes = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, bytes[..^1]);
        using EventLog again = _bed.Open();
        Assert.Equal(0, again.NextOffset);
        Assert.Equal(bytes.Length - 1 - EventLogFormat.HeaderBytes, again.Cut!.Bytes);
    }

    [Fact]
    public async Task A_newer_format_is_refused_by_its_version()
    {
        (string file, byte[] whole, _) = await Written();
        byte[] header = EventLogFormat.SegmentHeader(7, 0);
        header[8] = 2;
        BitConverter.TryWriteBytes(header.AsSpan(24), Cep.Engine.Checkpoints.Crc32C.Of(header.AsSpan(0, 24)));
        header.CopyTo(whole, 0);
        await File.WriteAllBytesAsync(file, whole);
        Assert.EndsWith("it has format version 2, and this program reads version 1.", Assert.Throws<CorruptEventLogException>(() => _bed.Open()).Message);
    }

    /// <summary>A log with one group for each batch.</summary>
    private async Task<(string File, byte[] Bytes, int[] Groups)> Written()
    {
        using (EventLog log = _bed.Open()) await LogBed.Append(log, Batches);
        byte[] bytes = await File.ReadAllBytesAsync(_bed.Files[0]);
        var groups = new List<int> { EventLogFormat.HeaderBytes };
        foreach (string[] batch in Batches[..^1]) groups.Add(groups[^1] + EventLogFormat.GroupHeaderBytes + batch.Sum(t => 4 + t.Length));
        return (_bed.Files[0], bytes, [.. groups]);
    }
}
