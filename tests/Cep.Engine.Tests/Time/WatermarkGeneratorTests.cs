using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Time;

public class WatermarkGeneratorTests
{
    [Theory]
    [InlineData(0, new long[] { 5, 5, 4 }, new[] { false, false, true })]
    [InlineData(10, new long[] { 100, 95, 90, 89 }, new[] { false, false, false, true })]
    [InlineData(10, new long[] { 100, 120, 109, 110, 111 }, new[] { false, false, true, false, false })]
    [InlineData(10, new long[] { -100, -110, -111 }, new[] { false, false, true })]
    public void A_record_further_behind_the_newest_than_the_delay_is_late(long delayMs, long[] timestamps, bool[] late)
    {
        var generator = new WatermarkGenerator(delayMs);
        Assert.Equal(late, timestamps.Select(timestampMs => generator.Observe(timestampMs)));
    }

    [Fact]
    public void The_watermark_is_the_newest_less_the_delay_less_one_and_never_goes_back()
    {
        var generator = new WatermarkGenerator(10);
        Assert.Equal(Watermark.None, generator.CurrentMs);
        Assert.Equal([89L, 89, 109, 109, 109], new long[] { 100, 95, 120, 110, 3 }.Select(timestampMs =>
        {
            generator.Observe(timestampMs);
            return generator.CurrentMs;
        }));
    }

    [Theory]
    [InlineData(0, long.MinValue + 1, long.MinValue)]
    [InlineData(10, long.MinValue + 5, long.MinValue)]
    [InlineData(10, long.MinValue + 11, long.MinValue)]
    [InlineData(10, long.MinValue + 12, long.MinValue + 1)]
    [InlineData(long.MaxValue, 0, long.MinValue)]
    [InlineData(0, long.MaxValue, long.MaxValue - 1)]
    public void At_the_ends_of_time_the_watermark_stops_instead_of_wrapping(long delayMs, long timestampMs, long watermarkMs)
    {
        var generator = new WatermarkGenerator(delayMs);
        Assert.False(generator.Observe(timestampMs));
        Assert.Equal(watermarkMs, generator.CurrentMs);
    }

    [Fact]
    public void A_delay_is_not_negative_and_silence_is_positive_and_below_25_days()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WatermarkStrategy.BoundedOutOfOrderness(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WatermarkStrategy.Monotonous.WithIdleAfter(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WatermarkStrategy.Monotonous.WithIdleAfter(1L << 31));
    }
}
