using Cep.Engine.Runtime;
using Xunit;

namespace Cep.Engine.Tests.Runtime;

public class RestartStrategyTests
{
    [Fact]
    public void None_never_restarts() => Assert.Equal("", Pauses(RestartStrategy.None, 0, 1));

    [Fact]
    public void Fixed_delay_restarts_so_often_and_no_more() =>
        Assert.Equal("5 5 5", Pauses(RestartStrategy.FixedDelay(3, TimeSpan.FromSeconds(5)), 0, 10, 1_000, 100_000, 200_000));

    [Fact]
    public void Exponential_delay_doubles_up_to_its_bound_and_begins_again_after_a_long_run() =>
        Assert.Equal(
            "1 2 4 8 10 10 1 2",
            Pauses(RestartStrategy.ExponentialDelay(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), jitter: 0), 0, 1, 3, 7, 15, 25, 86, 87));

    [Fact]
    public void Jitter_spreads_a_pause_within_its_part_and_follows_the_seed()
    {
        double[] first = [.. Spread(seed: 1)];
        Assert.Equal(first, Spread(seed: 1));
        Assert.NotEqual(first, Spread(seed: 2));
        Assert.All(first, seconds => Assert.InRange(seconds, 8, 12));
        Assert.True(first.Max() - first.Min() > 1);

        static IEnumerable<double> Spread(int seed)
        {
            RestartStrategy strategy = RestartStrategy.ExponentialDelay(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.Zero, jitter: 0.2, seed);
            for (int i = 0; i < 50; i++)
            {
                Assert.True(strategy.TryRestart(TimeSpan.FromSeconds(i), out TimeSpan delay));
                yield return delay.TotalSeconds;
            }
        }
    }

    [Fact]
    public void Failure_rate_counts_the_failures_of_the_interval_before() =>
        Assert.Equal("1 1 1 1", Pauses(RestartStrategy.FailureRate(2, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)), 0, 5, 10, 15, 16, 17));

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RestartStrategy.FixedDelay(-1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => RestartStrategy.FixedDelay(1, TimeSpan.FromDays(25)));
        Assert.Throws<ArgumentOutOfRangeException>(() => RestartStrategy.ExponentialDelay(TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => RestartStrategy.ExponentialDelay(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => RestartStrategy.FailureRate(0, TimeSpan.FromSeconds(1), TimeSpan.Zero));
    }

    /// <summary>The pauses in seconds after failures at these seconds, up to the failure that ends the job.</summary>
    private static string Pauses(RestartStrategy strategy, params int[] failures)
    {
        var pauses = new List<int>();
        foreach (int second in failures)
        {
            if (!strategy.TryRestart(TimeSpan.FromSeconds(second), out TimeSpan delay)) break;
            pauses.Add((int)delay.TotalSeconds);
        }

        return string.Join(' ', pauses);
    }
}
