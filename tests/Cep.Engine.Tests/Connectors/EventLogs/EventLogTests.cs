using System.Text;
using Cep.Engine.Connectors.EventLogs;
using Cep.Engine.Tests.Support;
using Xunit;

namespace Cep.Engine.Tests.Connectors.EventLogs;

public sealed class EventLogTests : IDisposable
{
    private readonly LogBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public async Task Entries_get_offsets_one_after_the_other_and_are_there_when_it_is_opened_again()
    {
        using (EventLog log = _bed.Open())
        {
            Assert.Equal("events", log.Name);
            Assert.Equal(0, await log.AppendAsync(LogBed.Entry("a")));
            Assert.Equal(1, await log.AppendAsync(LogBed.Batch("b", "c", "")));
            Assert.Equal(4, await log.AppendAsync(LogBed.Entry("d")));
            Assert.Equal((0, 5), (log.FirstOffset, log.NextOffset));
        }

        using EventLog again = _bed.Open();
        Assert.Null(again.Cut);
        Assert.Equal(5, again.NextOffset);
        Assert.Equal(["a", "b", "c", "", "d"], LogBed.Read(again));
        Assert.Equal(["c", "", "d"], LogBed.Read(again, from: 2));
        Assert.Empty(LogBed.Read(again, from: 5));
        Assert.Equal(5, await again.AppendAsync(LogBed.Entry("e")));
    }

    [Fact]
    public void A_log_without_a_name_has_that_of_its_folder()
    {
        _bed.Options = new EventLogOptions();
        using EventLog log = EventLog.Open(_bed.Path + Path.DirectorySeparatorChar);
        Assert.Equal((Path.GetFileName(_bed.Path), _bed.Path), (log.Name, log.Path));
    }

    [Fact]
    public void A_log_that_is_open_is_refused()
    {
        using EventLog log = _bed.Open();
        var refused = Assert.Throws<EventLogException>(() => _bed.Open());
        Assert.Equal($"The event log {_bed.Path} is in use by another process.", refused.Message);
    }

    [Fact]
    public async Task One_flush_serves_all_who_came_while_the_one_before_ran()
    {
        using var held = new HeldDisk();
        using EventLog log = _bed.Open(held.OnDisk);
        ValueTask<long> first = held.Begin(log, "first");
        Task<long>[] others = [.. Enumerable.Range(0, 100).Select(i => log.AppendAsync(LogBed.Entry($"{i}")).AsTask())];
        Assert.Equal(0, log.NextOffset);
        held.GoOn();
        Assert.Equal(0, await first);
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), await Task.WhenAll(others));
        Assert.Equal(2, held.Flushes);
        Assert.Equal(["first", .. Enumerable.Range(0, 100).Select(i => $"{i}")], LogBed.Read(log));
    }

    [Fact]
    public async Task A_full_queue_says_so_at_once_and_who_waits_keeps_the_order()
    {
        _bed.Options = _bed.Options with { QueueBytes = 1024 };
        using var held = new HeldDisk();
        using EventLog log = _bed.Open(held.OnDisk);
        ValueTask<long> first = held.Begin(log, "first");
        string half = new('x', 508), quarter = new('y', 252);
        Assert.True(log.TryAppend(LogBed.Entry(half), out ValueTask<long> second));
        Assert.True(log.TryAppend(LogBed.Batch(quarter), out ValueTask<long> third));
        Assert.False(log.TryAppend(LogBed.Entry(half), out _));
        ValueTask<long> waits = log.AppendAsync(LogBed.Batch(half, quarter));
        Assert.False(log.TryAppend(LogBed.Entry(""), out _), "There would be room, but someone came before.");
        ValueTask<long> waitsToo = log.AppendAsync(LogBed.Entry("last"));
        held.GoOn();
        Assert.Equal((0L, 1L, 2L, 3L, 5L), (await first, await second, await third, await waits, await waitsToo));
        Assert.Equal(["first", half, quarter, half, quarter, "last"], LogBed.Read(log));
    }

    [Fact]
    public void What_can_never_be_taken_is_refused_with_the_limit()
    {
        _bed.Options = _bed.Options with { QueueBytes = 1024, MaxEntryBytes = 600 };
        using EventLog log = _bed.Open();
        Assert.Equal("The entry has 601 bytes, more than the limit of 600.", Assert.Throws<ArgumentException>(() => log.TryAppend(new byte[601], out _)).Message);
        Assert.Equal("The batch has 1028 bytes, more than the limit of 1024.", Assert.Throws<ArgumentException>(() => log.TryAppend([new byte[510], new byte[510]], out _)).Message);
        Assert.Equal("There is nothing to append.", Assert.Throws<ArgumentException>(() => log.TryAppend([], out _)).Message);
        Assert.True(log.TryAppend([new byte[508], new byte[508]], out _));
    }

    [Fact]
    public async Task Closing_writes_what_was_taken_and_takes_no_more()
    {
        using var held = new HeldDisk();
        EventLog log = _bed.Open(held.OnDisk);
        ValueTask<long> first = held.Begin(log, "first");
        ValueTask<long> second = log.AppendAsync(LogBed.Entry("second"));
        Task closing = Task.Run(log.Dispose);
        held.GoOn();
        await closing;
        Assert.Equal((0L, 1L), (await first, await second));
        Assert.Equal("The event log 'events' has been closed.", Assert.Throws<ObjectDisposedException>(() => log.TryAppend(LogBed.Entry("x"), out _)).Message);
        Assert.Equal(["first", "second"], _bed.ReadAll());
    }

    [Fact]
    public async Task Segments_roll_by_size_and_are_read_as_one()
    {
        _bed.Options = _bed.Options with { SegmentBytes = 4096 };
        string[] texts = [.. Enumerable.Range(0, 100).Select(i => new string((char)('a' + i % 26), i * 5))];
        using (EventLog log = _bed.Open())
        {
            using LogReader reader = log.OpenReader(0);
            foreach (string text in texts)
            {
                await log.AppendAsync(LogBed.Entry(text));
                Assert.True(reader.NextGroup() && reader.NextEntry(out ReadOnlySpan<byte> entry) && Encoding.UTF8.GetString(entry) == text);
                Assert.False(reader.NextEntry(out _) || reader.NextGroup());
            }

            Assert.Equal(8, _bed.Files.Length);
            Assert.All(_bed.Files, file => Assert.InRange(new FileInfo(file).Length, 29, 4096));
            for (int from = 0; from < texts.Length; from++) Assert.Equal(texts[from..], LogBed.Read(log, from));
        }

        Assert.Equal(texts, _bed.ReadAll());
    }

    [Fact]
    public async Task Segments_roll_by_age()
    {
        var clock = new ManualClock();
        _bed.Options = _bed.Options with { SegmentAge = TimeSpan.FromMinutes(1), TimeProvider = clock };
        using EventLog log = _bed.Open();
        await LogBed.Append(log, ["a"]);
        clock.Advance(59_999);
        await LogBed.Append(log, ["b"]);
        Assert.Single(_bed.Files);
        clock.Advance(1);
        await LogBed.Append(log, ["c"]);
        Assert.Equal(["00000000000000000000.log", "00000000000000000002.log"], _bed.Files.Select(Path.GetFileName));
    }

    [Fact]
    public async Task Callers_at_once_get_their_batches_whole_and_in_their_order()
    {
        const int Callers = 16, Batches = 200;
        _bed.Options = _bed.Options with { SegmentBytes = 64 * 1024, QueueBytes = 4096 };
        using EventLog log = _bed.Open();
        (long Offset, string Text)[][] told = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            var appended = new List<(long, string)>();
            for (int i = 0; i < Batches; i++)
            {
                string[] texts = [.. Enumerable.Range(0, random.Next(1, 5)).Select(n => $"{caller}.{i}.{n} {new string('z', random.Next(60))}")];
                long offset;
                if (random.Next(2) == 0) offset = await log.AppendAsync(LogBed.Batch(texts));
                else if (log.TryAppend(LogBed.Batch(texts), out ValueTask<long> taken)) offset = await taken;
                else continue;
                appended.AddRange(texts.Select((text, n) => (offset + n, text)));
            }

            return appended.ToArray();
        })));
        List<string> read = LogBed.Read(log);
        Assert.Equal(told.SelectMany(t => t).OrderBy(t => t.Offset), read.Select((text, i) => ((long)i, text)));
        Assert.All(told, of => Assert.Equal(of.Select(t => t.Offset).Order(), of.Select(t => t.Offset)));
    }
}
