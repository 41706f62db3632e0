using Cep.Engine.Connectors.EventLogs;
using Cep.Engine.Tests.Support;
using Xunit;

namespace Cep.Engine.Tests.Connectors.EventLogs;

public sealed class EventLogMetricsTests : IDisposable
{
    private readonly LogBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public async Task A_log_tells_what_the_page_lists()
    {
        using var metrics = new ReadMetrics();
        using var held = new HeldDisk();
        _bed.Options = _bed.Options with { MeterFactory = metrics };
        using (EventLog log = _bed.Open(held.OnDisk))
        {
            Assert.Equal(ReadMetrics.OnPage("Cep.EventLog").Order(), metrics.InstrumentsOf("Cep.EventLog").Order());
            using LogReader reader = log.OpenReader(0);
            ValueTask<long> first = held.Begin(log, "first");
            ValueTask<long> others = log.AppendAsync(LogBed.Batch("second", "third"));
            metrics.Observe();
            Assert.Equal(4 + 5 + 4 + 6 + 4 + 5, metrics.Sum("cep.log.queued"));
            held.GoOn();
            await first;
            await others;
            Assert.True(reader.NextGroup() && reader.NextEntry(out _));
            Hang.Until(() =>
            {
                metrics.Observe();
                return metrics.Sum("cep.log.queued") == 0;
            });
            Assert.Equal([3, 2, 3, 1], new[] { "cep.log.entries", "cep.log.lag", "cep.log.next_offset", "cep.log.segments" }.Select(name => metrics.Sum(name, "log", "events")));
            long bytes = new FileInfo(_bed.Files[0]).Length;
            Assert.Equal((bytes, bytes - EventLogFormat.HeaderBytes), (metrics.Sum("cep.log.size"), metrics.Sum("cep.log.written")));
            Assert.Equal(2, metrics.Values("cep.log.flush").Count);
        }

        metrics.Observe();
        Assert.Empty(metrics.Values("cep.log.size"));
    }
}
