using System.Buffers;
using System.Text;
using System.Text.Json;
using Cep.Conditions;
using Cep.Events;
using Xunit;

namespace Cep.Tests.Events;

public class EventJsonWriterTests
{
    public enum Color
    {
        Red,
    }

    public class Thing
    {
        public float Ratio { get; set; }

        public Color? Color { get; set; }

        public Color Other { get; set; }

        public DateTimeOffset At { get; set; }

        public TimeSpan? Wait { get; set; }
    }

    [Fact]
    public void Every_field_is_written_in_order_and_a_missing_one_as_null()
    {
        var type = new EventTypeBuilder("s")
            .Field("id", FieldType.String).Field("at", FieldType.Timestamp).Field("took", FieldType.Duration).Field("price", FieldType.Decimal)
            .Field("ok", FieldType.Bool).Field("n", FieldType.Int, isOptional: true).Field("ż \"q\"", FieldType.String, isOptional: true)
            .Build();
        var line = """{"took":5400000,"price":2.50,"ok":false,"at":1767607200250,"id":"a<b>'ż"}""";
        Assert.True(new JsonEventReader(type).TryRead(Encoding.UTF8.GetBytes(line), out var e, out _, out var error), error);

        Assert.Equal("""{"id":"a<b>'ż","at":"2026-01-05T10:00:00.250Z","took":"1h30m","price":2.50,"ok":false,"n":null,"ż \"q\"":null}""", Write(type, e));
    }

    [Fact]
    public void A_class_is_written_like_a_stream()
    {
        var thing = new Thing { Ratio = float.PositiveInfinity, At = new DateTimeOffset(2026, 1, 5, 11, 0, 0, TimeSpan.FromHours(1)), Wait = TimeSpan.FromSeconds(-90) };

        Assert.Equal("""{"Ratio":null,"Color":null,"Other":"Red","At":"2026-01-05T10:00:00Z","Wait":"-1m30s"}""", Write(EventType.Of<Thing>(), thing));
    }

    [Theory]
    [InlineData(ValueKind.Bool, true, "true")]
    [InlineData(ValueKind.Long, -5L, "-5")]
    [InlineData(ValueKind.Double, 0.1, "0.1")]
    [InlineData(ValueKind.Double, double.NaN, "null")]
    [InlineData(ValueKind.Double, double.NegativeInfinity, "null")]
    [InlineData(ValueKind.String, "a\n", "\"a\\n\"")]
    [InlineData(ValueKind.Timestamp, 0L, "\"1970-01-01T00:00:00Z\"")]
    [InlineData(ValueKind.Timestamp, long.MaxValue, "9223372036854775807")]
    [InlineData(ValueKind.Duration, 5_400_000L, "\"1h30m\"")]
    [InlineData(ValueKind.Long, null, "null")]
    [InlineData(ValueKind.String, null, "null")]
    public void A_single_value_is_written_by_its_kind(ValueKind kind, object? value, string expected) =>
        Assert.Equal(expected, Json(w => EventJsonWriter.WriteValue(w, kind, value)));

    [Fact]
    public void A_decimal_is_written_with_its_zeros() => Assert.Equal("204.50", Json(w => EventJsonWriter.WriteValue(w, ValueKind.Decimal, 204.50m)));

    [Fact]
    public void What_is_written_reads_back_as_the_same_event()
    {
        var random = new Random(1);
        for (var round = 0; round < 40; round++)
        {
            var builder = new EventTypeBuilder("r");
            for (var i = 0; i < 10; i++)
                builder.Field("f" + i, (FieldType)random.Next(8), random.Next(2) == 0);
            var type = builder.Build();
            var reader = new JsonEventReader(type);
            var writer = new EventJsonWriter(type);
            for (var i = 0; i < 100; i++)
            {
                var e = Activator.CreateInstance(type.ClrType)!;
                foreach (var field in type.Fields)
                    type.ClrType.GetField(field.Name)!.SetValue(e, field.IsOptional && random.Next(3) == 0 ? null : Value(random, field.Type));
                var line = Write(writer, e);

                Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(line), out var back, out _, out var error), error + line);
                foreach (var field in type.Fields)
                    Assert.Equal(type.ClrType.GetField(field.Name)!.GetValue(e), type.ClrType.GetField(field.Name)!.GetValue(back));
                Assert.Equal(line, Write(writer, back));
            }
        }
    }

    private static object Value(Random random, FieldType type) => type switch
    {
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Int => random.Next(int.MinValue, int.MaxValue),
        FieldType.Long => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
        FieldType.Double => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)),
        FieldType.Decimal => new decimal(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29)),
        FieldType.String => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => new[] { "a", "\"", "\\", "\n", "\u0001", "ż", "👍", "/", "<" }[random.Next(9)])),
        FieldType.Timestamp => random.NextInt64(TimestampText.MinMs, TimestampText.MaxMs + 1),
        _ => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(60),
    };

    private static string Write(EventType type, object e) => Write(new EventJsonWriter(type), e);

    private static string Write(EventJsonWriter writer, object e) => Json(w => writer.Write(w, e));

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, EventJsonWriter.Options))
            write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
