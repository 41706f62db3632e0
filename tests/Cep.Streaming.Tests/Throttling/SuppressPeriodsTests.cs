using Cep.Events;
using Cep.Rules;
using Cep.Streaming.Throttling;

namespace Cep.Streaming.Tests.Throttling;

public class SuppressPeriodsTests
{
    private const long ForMs = 100;

    [Fact]
    public void Memory_is_bounded_by_the_alerts_of_two_periods()
    {
        var periods = new SuppressPeriods(ForMs);
        var most = 0;
        // Every value has one alert that is told and one that is suppressed, and never comes again.
        for (var i = 0L; i < 100_000; i++)
        {
            Assert.False(periods.TrySuppress([i], i));
            periods.Begin([i], i);
            Assert.True(periods.TrySuppress([i], i));
            most = Math.Max(most, periods.Count);
        }
        Assert.Equal(2 * ForMs, most);
        Assert.Equal(2 * ForMs, periods.Remembered.Count());
    }

    [Fact]
    public void Values_without_an_alert_that_was_suppressed_are_forgotten_with_their_period()
    {
        var periods = new SuppressPeriods(ForMs);
        for (var i = 0L; i < 10_000; i++)
        {
            Assert.False(periods.TrySuppress([i], i));
            periods.Begin([i], i);
        }
        Assert.Equal(ForMs, periods.Count);
    }

    [Fact]
    public void Values_that_come_again_and_again_are_remembered_once()
    {
        var periods = new SuppressPeriods(ForMs);
        for (var timeMs = 0L; timeMs < 100_000; timeMs += 10)
        {
            if (!periods.TrySuppress(["x", null], timeMs))
                Assert.Equal(timeMs == 0 ? 0 : 9, periods.Begin(["x", null], timeMs));
        }
        Assert.Equal(1, periods.Count);
        Assert.Single(periods.Remembered);
    }

    [Fact]
    public void Periods_at_the_end_of_time_do_not_overflow()
    {
        var periods = new SuppressPeriods(long.MaxValue);
        Assert.False(periods.TrySuppress(["x"], long.MaxValue - 1));
        Assert.Equal(0, periods.Begin(["x"], long.MaxValue - 1));
        Assert.True(periods.TrySuppress(["x"], long.MaxValue - 1));
    }

    [Fact]
    public void What_is_remembered_is_the_same_after_it_was_written_and_read()
    {
        var (memory, clause, limit) = (new ThrottleMemory(), new SuppressClause("1 k String", ForMs), new AlertLimit(3, 50));
        var periods = memory.PeriodsOf("r", clause, new ThrottleMemory(), null);
        object?[][] values = [["x", 1L, null, true], ["y", -7L, 2.50m, false], ["ż\ud800", long.MaxValue, 0.1, null]];
        foreach (var (i, value) in values.Index())
        {
            periods.Begin(value, i);
            for (var n = 0; n < i; n++)
                periods.TrySuppress(value, i);
        }
        var window = memory.WindowOf("r", limit, new ThrottleMemory(), null);
        window.GoOnFrom(7, [10, 20, 20]);
        memory.CountsOf("r", new ThrottleMemory(), null).Suppress();
        var output = new EventBinaryOutput();
        ThrottleFormat.Write(memory, output);
        var read = ThrottleFormat.Read(new EventBinaryInput(output.Written.ToArray()));
        Assert.Equal(periods.Remembered, read.Periods[("r", clause)].Remembered);
        Assert.Equal([10, 20, 20], read.Windows[("r", limit)].Told);
        Assert.Equal(7, read.Windows[("r", limit)].Limited);
        Assert.Equal((1, 0), (read.Counts["r"].Suppressed, read.Counts["r"].Limited));
        var again = new EventBinaryOutput();
        ThrottleFormat.Write(read, again);
        Assert.Equal(output.Written.ToArray(), again.Written.ToArray());
    }
}
