using System.Text;
using Cep.Events;
using Xunit;

namespace Cep.Tests.Events;

public class JsonEventReaderTests
{
    /// <summary>One field of each type, none required.</summary>
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
    [InlineData("b", "false", false)]
    [InlineData("i", "0", 0)]
    [InlineData("i", "-2147483648", int.MinValue)]
    [InlineData("i", "2147483647", int.MaxValue)]
    [InlineData("l", "9223372036854775807", long.MaxValue)]
    [InlineData("l", "-9223372036854775808", long.MinValue)]
    [InlineData("f", "1.5", 1.5)]
    [InlineData("f", "-1e-3", -0.001)]
    [InlineData("f", "7", 7.0)]
    [InlineData("s", "\"\"", "")]
    [InlineData("s", "\"abc\"", "abc")]
    [InlineData("s", "\"zażółć 👍\"", "zażółć 👍")]
    [InlineData("s", "\"C:\\\\x\\n\\u0041\\uD83D\\uDC4D\"", "C:\\x\nA👍")]
    [InlineData("t", "0", 0L)]
    [InlineData("t", "1767607200250", 1_767_607_200_250L)]
    [InlineData("t", "\"2026-01-05T10:00:00.25Z\"", 1_767_607_200_250L)]
    [InlineData("t", "\"2026-01-05T1\\u0030:00:00Z\"", 1_767_607_200_000L)]
    [InlineData("u", "-5", -5L)]
    [InlineData("u", "\"1h30m\"", 5_400_000L)]
    [InlineData("s", "null", null)]
    [InlineData("i", "null", null)]
    [InlineData("t", "null", null)]
    public void A_value_that_fits_is_the_field(string field, string json, object? expected) =>
        Assert.Equal(expected, Get(ReadEvery($$"""{"{{field}}":{{json}}}"""), field));

    [Theory]
    [InlineData("2.50", "2.50")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("0.1", "0.1")]
    [InlineData("1e3", "1000")]
    public void A_decimal_is_exact_with_its_zeros(string json, string expected) =>
        Assert.Equal(expected, ((decimal)Get(ReadEvery($$"""{"d":{{json}}}"""), "d")!).ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("b", "1", "The field `b` must be true or false, but is the number 1.")]
    [InlineData("b", "\"true\"", "The field `b` must be true or false, but is the string \"true\".")]
    [InlineData("i", "2147483648", "The field `i` must be a whole number from -2147483648 to 2147483647, but is the number 2147483648.")]
    [InlineData("i", "1.0", "The field `i` must be a whole number from -2147483648 to 2147483647, but is the number 1.0.")]
    [InlineData("i", "\"1\"", "The field `i` must be a whole number from -2147483648 to 2147483647, but is the string \"1\".")]
    [InlineData("l", "9223372036854775808", "The field `l` must be a whole number of 64 bits, but is the number 9223372036854775808.")]
    [InlineData("l", "1e3", "The field `l` must be a whole number of 64 bits, but is the number 1e3.")]
    [InlineData("l", "true", "The field `l` must be a whole number of 64 bits, but is true.")]
    [InlineData("f", "1e999", "The field `f` must be a number, but is the number 1e999.")]
    [InlineData("f", "\"NaN\"", "The field `f` must be a number, but is the string \"NaN\".")]
    [InlineData("d", "\"abc\"", "The field `d` must be a decimal, but is the string \"abc\".")]
    [InlineData("d", "79228162514264337593543950336", "The field `d` must be a decimal, but is the number 79228162514264337593543950336.")]
    [InlineData("d", "{\"a\":1}", "The field `d` must be a decimal, but is an object.")]
    [InlineData("s", "12", "The field `s` must be a string, but is the number 12.")]
    [InlineData("s", "false", "The field `s` must be a string, but is false.")]
    [InlineData("s", "[1,2]", "The field `s` must be a string, but is an array.")]
    [InlineData("s", "\"\\ud800\"", "The field `s` must be a string, but is the string \"\\ud800\".")]
    [InlineData("t", "\"2026-02-30\"", "The field `t` must be a timestamp, ISO-8601 text or epoch milliseconds, but is the string \"2026-02-30\".")]
    [InlineData("t", "\"1767607200250\"", "The field `t` must be a timestamp, ISO-8601 text or epoch milliseconds, but is the string \"1767607200250\".")]
    [InlineData("t", "253402300800000", "The field `t` must be a timestamp, ISO-8601 text or epoch milliseconds, but is the number 253402300800000.")]
    [InlineData("t", "1.5", "The field `t` must be a timestamp, ISO-8601 text or epoch milliseconds, but is the number 1.5.")]
    [InlineData("u", "\"30m1h\"", "The field `u` must be a duration such as \"1h30m\", or whole milliseconds, but is the string \"30m1h\".")]
    [InlineData("u", "1.5", "The field `u` must be a duration such as \"1h30m\", or whole milliseconds, but is the number 1.5.")]
    public void A_value_that_does_not_fit_is_told_with_what_was_found(string field, string json, string expected) =>
        Assert.Equal(expected, Error(Every, $$"""{"{{field}}":{{json}}}"""));

    [Fact]
    public void A_value_in_a_message_is_cut_to_40_characters()
    {
        Assert.Equal($"The field `d` must be a decimal, but is the string \"{new string('x', 40)}…\".", Error(Every, $$"""{"d":"{{new string('x', 1_000)}}"}"""));
        Assert.Equal($"The field `d` must be a decimal, but is the string \"{new string('x', 39)}…\".", Error(Every, $$"""{"d":"{{new string('x', 39)}}👍👍"}"""));
    }

    [Theory]
    [InlineData("", "The line is empty.")]
    [InlineData(" \t\r\n", "The line is empty.")]
    [InlineData("[1]", "The line is a JSON array, not an object.")]
    [InlineData("\"x\"", "The line is a JSON string, not an object.")]
    [InlineData("1", "The line is a JSON number, not an object.")]
    [InlineData("true", "The line is a JSON true or false, not an object.")]
    [InlineData("null", "The line is a JSON null, not an object.")]
    [InlineData("{", "The line is not valid JSON: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed (byte 2).")]
    [InlineData("hello", "The line is not valid JSON: 'h' is an invalid start of a value (byte 1).")]
    [InlineData("{\"id\":\"a\",}", "The line is not valid JSON: The JSON object contains a trailing comma at the end which is not supported in this mode. Change the reader options (byte 11).")]
    [InlineData("{\"id\":\"a\" \"amount\":1}", "The line is not valid JSON: '\"' is invalid after a value. Expected either ',', '}', or ']' (byte 11).")]
    [InlineData("{\"id\":\"a\",\n\"amount\":x}", "The line is not valid JSON: 'x' is an invalid start of a value (byte 21).")]
    [InlineData("{\"id\":\"a\",\"amount\":1} x", "There is text after the JSON object (byte 23).")]
    [InlineData("{\"id\":\"a\",\"amount\":1}{}", "There is text after the JSON object (byte 22).")]
    [InlineData("{}", "The required field `id` is missing.")]
    [InlineData("{\"id\":\"a\"}", "The required field `amount` is missing.")]
    [InlineData("{\"id\":\"a\",\"Amount\":1}", "The required field `amount` is missing.")]
    [InlineData("{\"amount\":null,\"id\":\"a\"}", "The required field `amount` is null.")]
    [InlineData("{\"\\ud800\":1}", "A property name holds an escape that is no character (byte 2).")]
    public void A_line_that_is_no_event_is_told_with_the_place(string line, string expected) => Assert.Equal(expected, Error(Order, line));

    [Fact]
    public void Invalid_utf8_is_told_with_the_place()
    {
        byte[] line = [.. "{\"id\":\"aż"u8, 0xFF, .. "\",\"amount\":1}"u8];

        Assert.False(new JsonEventReader(Order).TryRead(line, out _, out var type, out var error));
        Assert.Equal("The line is not valid UTF-8 (byte 11).", error);
        Assert.Equal(-1, type);
    }

    [Fact]
    public void Properties_come_in_any_order_and_undeclared_ones_are_skipped()
    {
        var order = Read(Order, """ {"x":{"id":"no","y":[{"amount":0}]},"note":"n","z":[[1],[2]],"amount":1.5,"$stream":"any","id":"a","w":null} """);

        Assert.Equal(("a", 1.5m, "n"), ((string)Get(order, "id")!, (decimal)Get(order, "amount")!, (string)Get(order, "note")!));
    }

    [Fact]
    public void A_name_may_be_escaped_and_a_byte_order_mark_may_come_first() =>
        Assert.Equal("a", Get(Read(Order, "\uFEFF{\"\\u0069d\":\"a\",\"amount\":1}"), "id"));

    [Fact]
    public void The_last_of_equal_properties_counts()
    {
        var order = Read(Order, """{"id":"a","amount":1,"note":"n","id":"b","note":null}""");

        Assert.Equal("b", Get(order, "id"));
        Assert.Null(Get(order, "note"));
    }

    [Fact]
    public void Deeply_nested_values_are_skipped_and_bounded()
    {
        var line = (int depth) => $$"""{"x":{{new string('[', depth)}}{{new string(']', depth)}},"id":"a","amount":1}""";

        Assert.Equal("a", Get(Read(Order, line(900)), "id"));
        Assert.StartsWith("The line is not valid JSON: The maximum configured depth of 1000 has been exceeded", Error(Order, line(100_000)));
    }

    [Fact]
    public void A_line_of_ten_megabytes_is_read_like_any_other()
    {
        var text = new string('x', 10_000_000);

        Assert.Equal(text, Get(Read(Order, $$"""{"id":"a","amount":1,"note":"{{text}}"}"""), "note"));
        Assert.Equal(text + "\n", Get(Read(Order, $$"""{"id":"a","amount":1,"note":"{{text}}\n"}"""), "note"));
        Assert.Equal($"The field `amount` must be a decimal, but is the string \"{text[..40]}…\".", Error(Order, $$"""{"amount":"{{text}}"}"""));
    }

    [Fact]
    public void More_than_64_fields_are_each_required()
    {
        var builder = new EventTypeBuilder("wide");
        for (var i = 0; i < 130; i++)
            builder.Field("f" + i, FieldType.Int);
        var type = builder.Build();
        string Line(int leftOut) => "{" + string.Join(",", Enumerable.Range(0, 130).Where(i => i != leftOut).Select(i => $"\"f{i}\":{i}")) + "}";

        Assert.Equal(129, Get(Read(type, Line(-1)), "f129"));
        foreach (var i in new[] { 0, 63, 64, 127, 128, 129 })
            Assert.Equal($"The required field `f{i}` is missing.", Error(type, Line(i)));
    }

    [Fact]
    public void Equal_texts_of_a_field_are_one_string()
    {
        var reader = new JsonEventReader(Order);
        object? Note(string line) => reader.TryRead(Encoding.UTF8.GetBytes(line), out var e, out _, out _) ? Get(e, "note") : null;

        Assert.Same(Note("""{"id":"a","amount":1,"note":"again\n"}"""), Note("""{"note":"again\n","id":"b","amount":2}"""));
    }

    [Fact]
    public void A_field_left_out_is_null_also_after_an_event_that_had_it()
    {
        var reader = new JsonEventReader(Order);
        Assert.True(reader.TryRead("""{"id":"a","amount":1,"note":"n"}"""u8, out _, out _, out _));
        Assert.True(reader.TryRead("""{"id":"a","amount":1}"""u8, out var second, out _, out _));
        Assert.Null(Get(second, "note"));
        Assert.False(reader.TryRead("""{"id":"a"}"""u8, out _, out _, out _));
    }

    [Fact]
    public void Mutated_lines_never_throw()
    {
        var random = new Random(5);
        var reader = new JsonEventReader([Order, Every]);
        var line = """{"$stream":"every","b":true,"i":1,"l":2,"f":1.5,"d":2.50,"s":"a\u0041ż","t":"2026-01-05T10:00:00Z","u":"1h30m","x":[{"y":null}]}"""u8.ToArray();
        var read = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var mutated = line.AsSpan(0, random.Next(4) == 0 ? random.Next(line.Length) : line.Length).ToArray();
            for (var j = random.Next(4); j > 0 && mutated.Length > 0; j--)
                mutated[random.Next(mutated.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : line[random.Next(line.Length)];
            var isRead = reader.TryRead(mutated, out var e, out _, out var error);
            Assert.True(isRead ? e is not null && error is null : e is null && error!.EndsWith('.'));
            read += isRead ? 1 : 0;
        }
        Assert.InRange(read, 5_000, 45_000);
    }

    private static object ReadEvery(string line) => Read(Every, line);

    private static object Read(EventType type, string line)
    {
        var isRead = new JsonEventReader(type).TryRead(Encoding.UTF8.GetBytes(line), out var value, out var index, out var error);
        Assert.True(isRead, error);
        Assert.Equal(0, index);
        Assert.Null(error);
        return value!;
    }

    private static string Error(EventType type, string line)
    {
        Assert.False(new JsonEventReader(type).TryRead(Encoding.UTF8.GetBytes(line), out var value, out _, out var error));
        Assert.Null(value);
        return error!;
    }

    private static object? Get(object e, string field) => e.GetType().GetField(field)!.GetValue(e);
}
