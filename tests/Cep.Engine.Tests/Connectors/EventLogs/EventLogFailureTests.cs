using Cep.Engine.Connectors.EventLogs;
using Xunit;

namespace Cep.Engine.Tests.Connectors.EventLogs;

/// <summary>A disk that fails: nobody is told that something is kept which is not.</summary>
public sealed class EventLogFailureTests : IDisposable
{
    private readonly LogBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData("write")]
    [InlineData("flush")]
    public async Task After_an_error_of_the_disk_everyone_is_told_and_nothing_is_taken_any_more(string what)
    {
        bool fails = false;
        using (EventLog log = _bed.Open(on => { if (fails && on == what) throw new IOException("on purpose"); }))
        {
            await LogBed.Append(log, ["kept"]);
            Assert.Null(log.Failure);
            fails = true;
            string expected = $"The event log 'events' takes no more entries until it is opened again. The folder {_bed.Path} cannot be written: on purpose";
            Assert.Equal(expected, (await Assert.ThrowsAsync<EventLogException>(async () => await log.AppendAsync(LogBed.Entry("lost")))).Message);
            fails = false;
            Assert.Equal(expected, (await Assert.ThrowsAsync<EventLogException>(async () => await log.AppendAsync(LogBed.Entry("refused")))).Message);
            Assert.Equal(expected, Assert.Throws<EventLogException>(() => log.TryAppend(LogBed.Entry("refused"), out _)).Message);
            Assert.Equal(expected, log.Failure?.Message);
            Assert.Equal(["kept"], LogBed.Read(log));
            Assert.Equal(expected, Assert.Throws<EventLogException>(() => log.WaitFor(1, default)).Message);
        }

        // Of the flush that failed nobody knows: the entry is there whole, or not at all.
        Assert.Equal(what == "write" ? ["kept"] : ["kept", "lost"], _bed.ReadAll());
    }

    [Fact]
    public async Task Everyone_who_waits_is_told_of_the_error()
    {
        using var held = new HeldDisk();
        _bed.Options = _bed.Options with { QueueBytes = 1024 };
        using EventLog log = _bed.Open(on =>
        {
            held.OnDisk(on);
            if (held.Flushes > 0) throw new IOException("on purpose");
        });
        Task<long>[] waiting = [held.Begin(log, "written").AsTask(), log.AppendAsync(new byte[1000]).AsTask(), log.AppendAsync(new byte[1000]).AsTask()];
        held.GoOn();
        foreach (Task<long> task in waiting) await Assert.ThrowsAsync<EventLogException>(() => task);
    }

    [Theory]
    [InlineData("write")]
    [InlineData("flush")]
    [InlineData("flush names")]
    public async Task An_error_while_a_segment_is_made_loses_nothing(string what)
    {
        _bed.Options = _bed.Options with { SegmentBytes = 4096 };
        bool fails = false;
        string text = new('x', 4000);
        using (EventLog log = _bed.Open(on => { if (fails && on == what) throw new IOException("on purpose"); }))
        {
            await LogBed.Append(log, [text]);
            fails = true;
            await Assert.ThrowsAsync<EventLogException>(async () => await log.AppendAsync(LogBed.Entry(text)));
        }

        fails = false;
        using EventLog again = _bed.Open();
        Assert.Equal([text], LogBed.Read(again));
        Assert.Equal(1, await again.AppendAsync(LogBed.Entry("next")));
        Assert.Equal([text, "next"], LogBed.Read(again));
    }

    [Fact]
    public async Task The_last_group_is_written_again_when_the_log_is_opened()
    {
        using (EventLog log = _bed.Open()) await LogBed.Append(log, ["a"], ["b"]);
        var done = new List<string>();
        using (EventLog log = _bed.Open(done.Add)) Assert.Equal(["a", "b"], LogBed.Read(log));
        Assert.Equal(["write", "flush", "flush names"], done);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_the_disk_does_what_was_told_is_there(int seed)
    {
        var random = new Random(seed);
        var told = new List<string>();
        _bed.Options = _bed.Options with { SegmentBytes = 4096 };
        for (int life = 0; life < 40; life++)
        {
            int left = random.Next(1, 40);
            EventLog? log = null;
            try
            {
                log = _bed.Open(_ => { if (--left == 0) throw new IOException("on purpose"); });
                for (int i = 0; ; i++)
                {
                    string[] texts = [.. Enumerable.Range(0, random.Next(1, 4)).Select(n => $"{life}.{i}.{n} {new string('x', random.Next(300))}")];
                    long offset = await log.AppendAsync(LogBed.Batch(texts));
                    while (told.Count < offset) told.Add("?");
                    told.AddRange(texts);
                }
            }
            catch (EventLogException)
            {
                log?.Dispose();
            }
        }

        _bed.Options = _bed.Options with { NewFolder = path => new LogFolder(path) };
        List<string> read = _bed.ReadAll();
        Assert.InRange(read.Count, told.Count, int.MaxValue);
        Assert.All(told.Zip(read), pair => Assert.True(pair.First == "?" || pair.First == pair.Second));
        Assert.InRange(told.Count(t => t != "?"), 100, int.MaxValue);
    }
}
