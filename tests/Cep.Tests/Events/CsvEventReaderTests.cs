using System.Text;
using Cep.Events;
using Xunit;

namespace Cep.Tests.Events;

public class CsvEventReaderTests
{
    private static readonly EventType Every = new EventTypeBuilder("every")
        .Field("b", FieldType.Bool, isOptional: true).Field("i", FieldType.Int, isOptional: true).Field("l", FieldType.Long, isOptional: true)
        .Field("f", FieldType.Double, isOptional: true).Field("d", FieldType.Decimal, isOptional: true).Field("s", FieldType.String, isOptional: true)
        .Field("t", FieldType.Timestamp, isOptional: true).Field("u", FieldType.Duration, isOptional: true)
        .Build();

    private static readonly EventType Order = new EventTypeBuilder("orders")
        .Field("id", FieldType.String).Field("amount", FieldType.Decimal).Field("note", FieldType.String, isOptional: true)
        .Build();

    [Theory]
    [InlineData("b", "true", true)]
    [InlineData("b", "FALSE", false)]
    [InlineData("b", "1", true)]
    [InlineData("b", "0", false)]
    [InlineData("i", "-2147483648", int.MinValue)]
    [InlineData("i", "\"12\"", 12)]
    [InlineData("l", "9223372036854775807", long.MaxValue)]
    [InlineData("f", "1.5", 1.5)]
    [InlineData("f", "-1E-3", -0.001)]
    [InlineData("s", "abc", "abc")]
    [InlineData("s", " abc ", " abc ")]
    [InlineData("s", "\"a,b\"", "a,b")]
    [InlineData("s", "\"say \"\"hi\"\"\"", "say \"hi\"")]
    [InlineData("s", "\"\"\"\"", "\"")]
    [InlineData("s", "\"\"\"\"\"\"", "\"\"")]
    [InlineData("s", "\"two\r\nlines\"", "two\r\nlines")]
    [InlineData("s", "5'11\"", "5'11\"")]
    [InlineData("s", "zażółć", "zażółć")]
    [InlineData("s", "", null)]
    [InlineData("s", "\"\"", "")]
    [InlineData("i", "", null)]
    [InlineData("i", "\"\"", null)]
    [InlineData("b", "", null)]
    [InlineData("t", "1767607200250", 1_767_607_200_250L)]
    [InlineData("t", "-1", -1L)]
    [InlineData("t", "2026-01-05 10:00:00.25", 1_767_607_200_250L)]
    [InlineData("t", "2026-01-05", 1_767_571_200_000L)]
    [InlineData("u", "90000", 90_000L)]
    [InlineData("u", "1h30m", 5_400_000L)]
    public void A_cell_that_fits_is_the_field(string field, string cell, object? expected) =>
        Assert.Equal(expected, Get(Read(Every, $"x,{field}", $"1,{cell}"), field));

    [Theory]
    [InlineData("b", "yes", "The field `b` must be true or false, but is \"yes\".")]
    [InlineData("i", "2147483648", "The field `i` must be a whole number from -2147483648 to 2147483647, but is \"2147483648\".")]
    [InlineData("i", "1.0", "The field `i` must be a whole number from -2147483648 to 2147483647, but is \"1.0\".")]
    [InlineData("i", " 1", "The field `i` must be a whole number from -2147483648 to 2147483647, but is \" 1\".")]
    [InlineData("l", "12abc", "The field `l` must be a whole number of 64 bits, but is \"12abc\".")]
    [InlineData("f", "NaN", "The field `f` must be a number, but is \"NaN\".")]
    [InlineData("f", "1e999", "The field `f` must be a number, but is \"1e999\".")]
    [InlineData("f", "1,5", "The record has 3 cells, but the header has 2.")]
    [InlineData("f", "\"1,5\"", "The field `f` must be a number, but is \"1,5\".")]
    [InlineData("d", "$5", "The field `d` must be a decimal, but is \"$5\".")]
    [InlineData("t", "2026/01/05", "The field `t` must be a timestamp, ISO-8601 text or epoch milliseconds, but is \"2026/01/05\".")]
    [InlineData("t", "99999999999999999", "The field `t` must be a timestamp, ISO-8601 text or epoch milliseconds, but is \"99999999999999999\".")]
    [InlineData("u", "1.5h", "The field `u` must be a duration such as \"1h30m\", or whole milliseconds, but is \"1.5h\".")]
    public void A_cell_that_does_not_fit_is_told(string field, string cell, string expected) =>
        Assert.Equal(expected, Error(Every, $"x,{field}", $"1,{cell}"));

    [Fact]
    public void A_decimal_keeps_its_zeros() =>
        Assert.Equal("2.50", ((decimal)Get(Read(Every, "d", "2.50"), "d")!).ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Columns_come_in_any_order_and_undeclared_ones_are_left_out()
    {
        var order = Read(Order, "x,amount,x,\"id\"", "\"a,\"\"b\",1.5,,k1");

        Assert.Equal(("k1", 1.5m), ((string)Get(order, "id")!, (decimal)Get(order, "amount")!));
        Assert.Null(Get(order, "note"));
    }

    [Fact]
    public void A_byte_order_mark_before_the_header_is_no_part_of_a_name() => Assert.Equal("a", Get(Read(Order, "\uFEFFid,amount", "a,1"), "id"));

    [Theory]
    [InlineData("id", "The header lacks the required column `amount`.")]
    [InlineData("note,ID", "The header lacks the required columns `id`, `amount`.")]
    [InlineData("", "The header lacks the required columns `id`, `amount`.")]
    [InlineData("id,amount,id", "The header names the column `id` twice.")]
    [InlineData("id,\"amount", "Cell 2 has no closing quote.")]
    public void A_header_that_does_not_fit_is_told(string header, string expected)
    {
        var reader = new CsvEventReader(Order);

        Assert.Equal(expected, reader.Header(Encoding.UTF8.GetBytes(header)));
        Assert.Throws<InvalidOperationException>(() => reader.TryRead("a,1"u8, out _, out _));
    }

    [Theory]
    [InlineData("a", "The record has 1 cell, but the header has 3.")]
    [InlineData("a,1", "The record has 2 cells, but the header has 3.")]
    [InlineData("a,1,n,", "The record has 4 cells, but the header has 3.")]
    [InlineData("a,b,c,d", "The record has 4 cells, but the header has 3.")]
    [InlineData("", "The line is empty.")]
    [InlineData(",1,n", "The required field `id` is empty.")]
    [InlineData("a,,n", "The required field `amount` is empty.")]
    [InlineData("a,\"\",n", "The required field `amount` is empty.")]
    [InlineData("a,1,\"n", "Cell 3 has no closing quote.")]
    [InlineData("a,1,\"n\"\"", "Cell 3 has no closing quote.")]
    [InlineData("a,1,\"", "Cell 3 has no closing quote.")]
    [InlineData("\"a\" ,1,n", "Cell 1 has text after its closing quote.")]
    [InlineData("\"a\"\"b\"x,1,n", "Cell 1 has text after its closing quote.")]
    public void A_record_that_is_no_event_is_told(string record, string expected) => Assert.Equal(expected, Error(Order, "id,amount,note", record));

    [Fact]
    public void Invalid_utf8_is_told_with_the_place()
    {
        var reader = new CsvEventReader(Order);
        Assert.Null(reader.Header("id,amount"u8));

        Assert.False(reader.TryRead([(byte)'a', 0xC3, (byte)',', (byte)'1'], out _, out var error));
        Assert.Equal("The line is not valid UTF-8 (byte 2).", error);
        Assert.Equal("The line is not valid UTF-8 (byte 1).", reader.Header([0x80]));
    }

    [Fact]
    public void A_second_header_starts_anew()
    {
        var reader = new CsvEventReader(Order);
        Assert.Null(reader.Header("id,amount"u8));
        Assert.Null(reader.Header("amount,id"u8));

        Assert.True(reader.TryRead("1,a"u8, out var order, out _));
        Assert.Equal("a", Get(order, "id"));
    }

    [Fact]
    public void Any_text_in_quotes_reads_back()
    {
        var random = new Random(3);
        var reader = new CsvEventReader(Order);
        Assert.Null(reader.Header("note,id,amount"u8));
        for (var i = 0; i < 5_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => "\"\",\n\r aż"[random.Next(8)]));
            var record = $"\"{text.Replace("\"", "\"\"")}\",\"{text.Length}\",{i}";

            Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(record), out var order, out var error), error);
            Assert.Equal((text, $"{text.Length}", (decimal)i), ((string)Get(order, "note")!, (string)Get(order, "id")!, (decimal)Get(order, "amount")!));
        }
    }

    private static object Read(EventType type, string header, string record)
    {
        var reader = new CsvEventReader(type);
        Assert.Null(reader.Header(Encoding.UTF8.GetBytes(header)));
        Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(record), out var value, out var error), error);
        return value!;
    }

    private static string Error(EventType type, string header, string record)
    {
        var reader = new CsvEventReader(type);
        Assert.Null(reader.Header(Encoding.UTF8.GetBytes(header)));
        Assert.False(reader.TryRead(Encoding.UTF8.GetBytes(record), out var value, out var error));
        Assert.Null(value);
        return error;
    }

    private static object? Get(object e, string field) => e.GetType().GetField(field)!.GetValue(e);
}
