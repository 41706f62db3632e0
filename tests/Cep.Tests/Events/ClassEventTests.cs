using System.Text;
using Cep.Conditions;
using Cep.Events;
using Xunit;

namespace Cep.Tests.Events;

/// <summary>Events of a class that a user brings.</summary>
public class ClassEventTests
{
    public enum Channel
    {
        Web,
        Shop,
    }

    public class Base
    {
        public bool Flag { get; set; }
    }

    public class Sale : Base
    {
        public byte Small { get; set; }

        public sbyte Signed;

        public ushort? Port { get; set; }

        public uint Serial { get; init; }

        public float Ratio { get; set; }

        public decimal? Amount { get; set; }

        public Channel Channel { get; set; }

        public Channel? Second { get; set; }

        public DateTimeOffset At { get; set; }

        public DateTime Day { get; set; }

        public DateTime? Paid { get; set; }

        public TimeSpan Wait { get; set; }

        public string Note { get; set; } = "unset";

        public object? Ignored { get; set; }
    }

    private static readonly EventType SaleType = EventType.Of<Sale>();

    private const string Line = """
        {"Flag":true,"Small":255,"Signed":-128,"Port":65535,"Serial":4294967295,"Ratio":0.5,"Amount":1.10,"Channel":"Shop","Second":"Web",
        "At":"2026-01-05T11:00:00.25+01:00","Day":"2026-01-05","Paid":1767607200000,"Wait":"1h30m","Note":"n","Ignored":{"x":1}}
        """;

    [Fact]
    public void A_class_is_read_field_by_field()
    {
        var sale = Read(Line);

        Assert.Equal((true, (byte)255, (sbyte)-128, (ushort?)65535), (sale.Flag, sale.Small, sale.Signed, sale.Port));
        Assert.Equal((4_294_967_295, 0.5f, 1.10m), (sale.Serial, sale.Ratio, sale.Amount));
        Assert.Equal((Channel.Shop, Channel.Web), (sale.Channel, sale.Second));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_767_607_200_250), sale.At);
        Assert.Equal((new DateTime(2026, 1, 5), DateTimeKind.Utc), (sale.Day, sale.Day.Kind));
        Assert.Equal((new DateTime(2026, 1, 5, 10, 0, 0), TimeSpan.FromMinutes(90)), (sale.Paid, sale.Wait));
        Assert.Equal("n", sale.Note);
        Assert.Null(sale.Ignored);
    }

    [Fact]
    public void What_is_left_out_stays_as_the_constructor_made_it_and_null_is_null()
    {
        var line = """{"Flag":true,"Small":1,"Signed":1,"Serial":1,"Ratio":1,"Channel":"Web","At":0,"Day":0,"Wait":0""";

        Assert.Equal("unset", Read(line + "}").Note);
        Assert.Null(Read(line + ",\"Note\":null}").Note);
        Assert.Null(Read(line + ",\"Port\":null,\"Second\":null}").Second);
    }

    [Theory]
    [InlineData("\"Small\":256", "The field `Small` must be a whole number from 0 to 255, but is the number 256.")]
    [InlineData("\"Signed\":-129", "The field `Signed` must be a whole number from -128 to 127, but is the number -129.")]
    [InlineData("\"Port\":-1", "The field `Port` must be a whole number from 0 to 65535, but is the number -1.")]
    [InlineData("\"Serial\":4294967296", "The field `Serial` must be a whole number from 0 to 4294967295, but is the number 4294967296.")]
    [InlineData("\"Ratio\":1e39", "The field `Ratio` must be a number, but is the number 1e39.")]
    [InlineData("\"Channel\":\"shop\"", "The field `Channel` must be one of the strings \"Web\", \"Shop\", but is the string \"shop\".")]
    [InlineData("\"Channel\":1", "The field `Channel` must be one of the strings \"Web\", \"Shop\", but is the number 1.")]
    [InlineData("\"Channel\":null", "The required field `Channel` is null.")]
    [InlineData("\"Wait\":922337203685478", "The field `Wait` must be a duration such as \"1h30m\", or whole milliseconds, but is the number 922337203685478.")]
    [InlineData("\"Wait\":-922337203685479", "The field `Wait` must be a duration such as \"1h30m\", or whole milliseconds, but is the number -922337203685479.")]
    public void A_value_out_of_the_members_range_does_not_fit(string property, string expected)
    {
        Assert.False(new JsonEventReader(SaleType).TryRead(Encoding.UTF8.GetBytes($"{{{property}}}"), out _, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("922337203685477")]
    [InlineData("-922337203685477")]
    public void The_longest_time_span_fits(string ms)
    {
        Assert.False(new JsonEventReader(SaleType).TryRead(Encoding.UTF8.GetBytes($"{{\"Wait\":{ms}}}"), out _, out _, out var error));
        Assert.StartsWith("The required field", error);
    }

    [Fact]
    public void An_enumeration_is_text_to_conditions()
    {
        Assert.True(SaleType.TryGetField("Channel", out var channel));
        Assert.True(SaleType.TryGetField("Second", out var second));
        var isShop = ExprFactory.Binary(BinaryOperator.Equal, ExprFactory.Field(SaleType, channel), ExprFactory.Literal("Shop"));
        var isWeb = ExprFactory.Binary(BinaryOperator.Equal, ExprFactory.Field(SaleType, second), ExprFactory.Literal("Web"));
        var layout = RegisterLayout.For([isShop, isWeb]);

        Assert.Equal(Truth.True, ExpressionCompiler.Condition(SaleType, isShop, layout)(new Sale { Channel = Channel.Shop }, 0, layout.Empty));
        Assert.Equal(Truth.False, ExpressionCompiler.Condition(SaleType, isShop, layout)(new Sale(), 0, layout.Empty));
        Assert.Equal(Truth.True, ExpressionCompiler.Condition(SaleType, isWeb, layout)(new Sale { Second = Channel.Web }, 0, layout.Empty));
        Assert.Equal(Truth.Unknown, ExpressionCompiler.Condition(SaleType, isWeb, layout)(new Sale(), 0, layout.Empty));
    }

    public class WithoutConstructor(int id)
    {
        public int Id { get; set; } = id;
    }

    public class WithoutSetter
    {
        public int Id { get; set; }

        public int Twice => 2 * Id;
    }

    public class WithPrivateSetter
    {
        public int Id { get; private set; }
    }

    public class WithReadOnlyField
    {
        public readonly int Id;
    }

    public abstract class Unfinished
    {
        public int Id { get; set; }
    }

    public static TheoryData<EventType, string> Unreadable => new()
    {
        { EventType.Of<WithoutConstructor>(), "The class `WithoutConstructor` cannot be read from a source: it has no public constructor without parameters." },
        { EventType.Of<Unfinished>(), "The class `Unfinished` cannot be read from a source: it has no public constructor without parameters." },
        { EventType.Of<WithoutSetter>(), "its member `Twice` cannot be set from outside. Give it a public setter." },
        { EventType.Of<WithPrivateSetter>(), "its member `Id` cannot be set from outside. Give it a public setter." },
        { EventType.Of<WithReadOnlyField>(), "its member `Id` cannot be set from outside. Give it a public setter." },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void A_class_that_cannot_be_made_or_set_is_refused_when_the_reader_is_made(EventType type, string expected)
    {
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => new JsonEventReader(type)).Message);
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => new CsvEventReader(type)).Message);
    }

    [Fact]
    public void Event_time_is_read_from_a_required_timestamp()
    {
        Assert.Equal(1_767_607_200_250, Field(SaleType, "At").CompileTimeMs()(Read(Line)));
        Assert.Throws<InvalidOperationException>(() => Field(SaleType, "Paid").CompileTimeMs());
        Assert.Throws<InvalidOperationException>(() => Field(SaleType, "Serial").CompileTimeMs());

        var emitted = new EventTypeBuilder("s").Field("ts", FieldType.Timestamp).Build();
        Assert.True(new JsonEventReader(emitted).TryRead("""{"ts":7}"""u8, out var e, out _, out _));
        Assert.Equal(7, emitted.Fields[0].CompileTimeMs()(e));
    }

    private static EventField Field(EventType type, string name) => type.TryGetField(name, out var field) ? field : throw new ArgumentException(name);

    private static Sale Read(string line)
    {
        var isRead = new JsonEventReader(SaleType).TryRead(Encoding.UTF8.GetBytes(line), out var value, out _, out var error);
        Assert.True(isRead, error);
        return (Sale)value!;
    }
}
