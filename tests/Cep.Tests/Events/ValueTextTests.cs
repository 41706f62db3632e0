using Cep.Conditions;
using Cep.Events;
using Xunit;

namespace Cep.Tests.Events;

public class ValueTextTests
{
    [Theory]
    [InlineData(ValueKind.Bool, true, "true")]
    [InlineData(ValueKind.Bool, false, "false")]
    [InlineData(ValueKind.Long, -5L, "-5")]
    [InlineData(ValueKind.Double, 1.5, "1.5")]
    [InlineData(ValueKind.String, "a,b", "a,b")]
    [InlineData(ValueKind.Timestamp, 1_767_607_200_250L, "2026-01-05T10:00:00.250Z")]
    [InlineData(ValueKind.Duration, 5_400_000L, "1h30m")]
    [InlineData(ValueKind.String, null, "null")]
    public void A_value_is_text_as_its_kind_is_written(ValueKind kind, object? value, string expected) => Assert.Equal(expected, ValueText.Of(kind, value));
}
