using System.Text;
using Cep.Events;
using Xunit;

namespace Cep.Tests.Events;

public class JsonEventReaderStreamTests
{
    private static readonly EventType Orders = new EventTypeBuilder("orders").Field("id", FieldType.Long).Build();
    private static readonly EventType Shipments = new EventTypeBuilder("shipments").Field("ref", FieldType.Long).Build();

    [Theory]
    [InlineData("""{"$stream":"orders","id":1}""", 0)]
    [InlineData("""{"$stream":"shipments","ref":1}""", 1)]
    [InlineData("""{"ref":1,"$stream":"shipments"}""", 1)]
    [InlineData("""{"ref":"not yet known to be wrong","x":{"$stream":"shipments"},"id":1,"$stream":"orders"}""", 0)]
    [InlineData("""{"$\u0073tream":"orde\u0072s","id":1}""", 0)]
    [InlineData("""{"$stream":"orders","id":1,"$stream":"shipments"}""", 0)]
    public void The_stream_property_chooses_the_type_wherever_it_stands(string line, int expected)
    {
        var reader = new JsonEventReader([Orders, Shipments]);

        Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(line), out var value, out var type, out _));
        Assert.Equal(expected, type);
        Assert.IsType(reader.Types[expected].ClrType, value, exactMatch: true);
    }

    [Theory]
    [InlineData("""{"id":1}""", -1, "The property `$stream` is missing. It must name one of `orders`, `shipments`.")]
    [InlineData("{}", -1, "The property `$stream` is missing. It must name one of `orders`, `shipments`.")]
    [InlineData("""{"id":1,"$stream":"order"}""", -1, "The property `$stream` must name one of `orders`, `shipments`, but is the string \"order\".")]
    [InlineData("""{"$stream":7}""", -1, "The property `$stream` must name one of `orders`, `shipments`, but is the number 7.")]
    [InlineData("""{"$stream":null}""", -1, "The property `$stream` must name one of `orders`, `shipments`, but is null.")]
    [InlineData("""{"$stream":["orders"]}""", -1, "The property `$stream` must name one of `orders`, `shipments`, but is an array.")]
    [InlineData("""{"$stream":"\udc00"}""", -1, "The property `$stream` must name one of `orders`, `shipments`, but is the string \"\\udc00\".")]
    [InlineData("""{"$stream":"shipments","id":1}""", 1, "The required field `ref` is missing.")]
    [InlineData("""{"ref":"x","$stream":"shipments"}""", 1, "The field `ref` must be a whole number of 64 bits, but is the string \"x\".")]
    [InlineData("""{"ref":1,"$stream":"shipments"}}""", 1, "There is text after the JSON object (byte 32).")]
    public void A_line_without_a_good_stream_is_told_so(string line, int expectedType, string expected)
    {
        Assert.False(new JsonEventReader([Orders, Shipments]).TryRead(Encoding.UTF8.GetBytes(line), out var value, out var type, out var error));
        Assert.Equal((expected, expectedType), (error, type));
        Assert.Null(value);
    }

    [Fact]
    public void A_reader_of_nothing_is_refused() => Assert.Throws<ArgumentException>(() => new JsonEventReader([]));
}
