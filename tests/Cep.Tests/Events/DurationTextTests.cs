using System.Text;
using Cep.Events;
using Xunit;

namespace Cep.Tests.Events;

public class DurationTextTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("10m", 600_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1d2h3m4s5ms", 93_784_005)]
    [InlineData("1m1ms", 60_001)]
    [InlineData("90m", 5_400_000)]
    [InlineData("-1h30m", -5_400_000)]
    [InlineData("9223372036854775807ms", long.MaxValue)]
    public void Text_is_read_as_milliseconds(string text, long expected)
    {
        Assert.True(DurationText.TryParse(Encoding.UTF8.GetBytes(text), out var ms));
        Assert.Equal(expected, ms);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("10")]
    [InlineData("h")]
    [InlineData("1.5h")]
    [InlineData("1 h")]
    [InlineData(" 1h")]
    [InlineData("1h ")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("1w")]
    [InlineData("1H")]
    [InlineData("+1h")]
    [InlineData("1h-30m")]
    [InlineData("--1h")]
    [InlineData("9223372036854775808ms")]
    [InlineData("106751991168d")]
    [InlineData("99999999999999999999d")]
    public void Other_text_is_refused(string text) => Assert.False(DurationText.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(60_000, "1m")]
    [InlineData(5_400_000, "1h30m")]
    [InlineData(93_784_005, "1d2h3m4s5ms")]
    [InlineData(-250, "-250ms")]
    [InlineData(long.MinValue, "-106751991167d7h12m55s808ms")]
    public void Milliseconds_are_written_with_whole_units(long ms, string expected) => Assert.Equal(expected, DurationText.Format(ms));

    [Fact]
    public void Any_span_reads_back_as_it_was_written()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var ms = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(0, 60);
            Assert.True(DurationText.TryParse(Encoding.UTF8.GetBytes(DurationText.Format(ms)), out var back));
            Assert.Equal(ms, back);
        }
    }
}
