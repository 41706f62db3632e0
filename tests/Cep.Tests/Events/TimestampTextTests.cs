using System.Text;
using Cep.Events;
using Xunit;

namespace Cep.Tests.Events;

public class TimestampTextTests
{
    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("2026-01-05", 1_767_571_200_000)]
    [InlineData("2026-01-05T10:00:00Z", 1_767_607_200_000)]
    [InlineData("2026-01-05 10:00:00", 1_767_607_200_000)]
    [InlineData("2026-01-05T10:00", 1_767_607_200_000)]
    [InlineData("2026-01-05T10:00Z", 1_767_607_200_000)]
    [InlineData("2026-01-05T10:00:00.25Z", 1_767_607_200_250)]
    [InlineData("2026-01-05T10:00:00.2509999999999", 1_767_607_200_250)]
    [InlineData("2026-01-05T11:00:00+01:00", 1_767_607_200_000)]
    [InlineData("2026-01-05T04:30:00.001-05:30", 1_767_607_200_001)]
    [InlineData("2024-02-29T23:59:59.999Z", 1_709_251_199_999)]
    [InlineData("1969-12-31T23:59:59.999Z", -1)]
    [InlineData("0001-01-01T00:00:00Z", TimestampText.MinMs)]
    [InlineData("9999-12-31T23:59:59.999Z", TimestampText.MaxMs)]
    public void Text_is_read_as_milliseconds(string text, long expected)
    {
        Assert.True(TimestampText.TryParse(Encoding.UTF8.GetBytes(text), out var ms));
        Assert.Equal(expected, ms);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026")]
    [InlineData("2026-1-5")]
    [InlineData("2026/01/05")]
    [InlineData("20260105T100000Z")]
    [InlineData("2026-13-01")]
    [InlineData("2026-00-01")]
    [InlineData("2026-04-31")]
    [InlineData("2025-02-29")]
    [InlineData("0000-01-01")]
    [InlineData("2026-01-00")]
    [InlineData("2026-01-05T")]
    [InlineData("2026-01-05T10")]
    [InlineData("2026-01-05T24:00:00Z")]
    [InlineData("2026-01-05T10:60:00Z")]
    [InlineData("2026-01-05T10:00:60Z")]
    [InlineData("2026-01-05T10:00:0Z")]
    [InlineData("2026-01-05T10:00:00.Z")]
    [InlineData("2026-01-05T10:00:00,5Z")]
    [InlineData("2026-01-05T10:00:00z")]
    [InlineData("2026-01-05T10:00:00 Z")]
    [InlineData("2026-01-05T10:00:00+1:00")]
    [InlineData("2026-01-05T10:00:00+0100")]
    [InlineData("2026-01-05T10:00:00+24:00")]
    [InlineData("2026-01-05T10:00:00+01:60")]
    [InlineData("2026-01-05T10:00:00Zx")]
    [InlineData("2026-01-05x10:00:00Z")]
    [InlineData("2026-01-05Z")]
    [InlineData(" 2026-01-05")]
    [InlineData("-026-01-05")]
    [InlineData("2026-01-05T-1:00:00Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    public void Other_text_is_refused(string text) => Assert.False(TimestampText.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00Z")]
    [InlineData(1_767_607_200_000, "2026-01-05T10:00:00Z")]
    [InlineData(1_767_607_200_250, "2026-01-05T10:00:00.250Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999Z")]
    [InlineData(TimestampText.MinMs, "0001-01-01T00:00:00Z")]
    [InlineData(TimestampText.MaxMs, "9999-12-31T23:59:59.999Z")]
    [InlineData(TimestampText.MaxMs + 1, "253402300800000")]
    [InlineData(long.MinValue, "-9223372036854775808")]
    public void Milliseconds_are_written_as_text_where_there_is_one(long ms, string expected) => Assert.Equal(expected, TimestampText.Format(ms));

    [Fact]
    public void Any_time_reads_back_as_it_was_written()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var ms = random.NextInt64(TimestampText.MinMs, TimestampText.MaxMs + 1);
            var text = TimestampText.Format(ms);
            Assert.True(TimestampText.TryParse(Encoding.UTF8.GetBytes(text), out var back), text);
            Assert.Equal(ms, back);
            Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(ms), DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
