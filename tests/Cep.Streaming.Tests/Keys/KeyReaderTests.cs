using Cep.Engine.Keys;
using Cep.Events;
using Cep.Streaming.Keys;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Keys;

public class KeyReaderTests
{
    private static readonly EventType AllKinds = new EventTypeBuilder("all")
        .Field("text", FieldType.String).Field("flag", FieldType.Bool).Field("small", FieldType.Int).Field("big", FieldType.Long)
        .Field("real", FieldType.Double).Field("exact", FieldType.Decimal).Field("at", FieldType.Timestamp).Field("span", FieldType.Duration)
        .Field("ninth", FieldType.Long).Build();

    private static readonly object Sample = EventOf.Type(AllKinds, "żółw", true, 5, 6L, 0.5, 2.50m, 1_767_607_200_250L, 5_400_000L, 9L);

    [Theory]
    [InlineData("text")]
    [InlineData("flag")]
    [InlineData("small")]
    [InlineData("big")]
    [InlineData("real")]
    [InlineData("exact")]
    [InlineData("at")]
    [InlineData("span")]
    public void Key_of_one_field_hashes_as_its_value(string field)
    {
        ulong expected = field switch
        {
            "text" => StableHash.Of("żółw"),
            "flag" => StableHash.Of(true),
            "small" => StableHash.Of(5L),
            "big" => StableHash.Of(6L),
            "real" => StableHash.Of(0.5),
            "exact" => StableHash.Of(2.5m),
            "at" => StableHash.Of(1_767_607_200_250L),
            _ => StableHash.Of(5_400_000L),
        };
        Assert.Equal(expected, HashOf(Sample, Reader(AllKinds, field)));
    }

    [Fact]
    public void Key_of_several_fields_folds_their_hashes_from_the_left()
    {
        var expected = StableHash.Combine(StableHash.Combine(StableHash.Of("żółw"), StableHash.Of(5L)), StableHash.Of(true));
        Assert.Equal(expected, HashOf(Sample, Reader(AllKinds, "text", "small", "flag")));
    }

    [Fact]
    public void Key_without_fields_is_one_key() => Assert.Equal(0UL, HashOf(Sample, Reader(AllKinds)));

    [Fact]
    public void Event_with_a_null_in_its_key_has_no_key()
    {
        var type = new EventTypeBuilder("s").Field("a", FieldType.Long, isOptional: true).Field("b", FieldType.String, isOptional: true).Build();
        var reader = new KeyReader(type, type.Fields);
        Assert.False(reader.Hash(EventOf.Type(type, null, "x"), out _));
        Assert.False(reader.Hash(EventOf.Type(type, 1L, null), out _));
        Assert.False(reader.Hash(EventOf.Type(type, null, null), out _));
        Assert.Equal(StableHash.Combine(StableHash.Of(1L), StableHash.Of("x")), HashOf(EventOf.Type(type, 1L, "x"), reader));
    }

    [Fact]
    public void Optional_and_required_fields_of_one_kind_give_equal_keys()
    {
        var optional = new EventTypeBuilder("s").Field("n", FieldType.Int, isOptional: true).Build();
        var required = new EventTypeBuilder("t").Field("n", FieldType.Long).Build();
        var (a, b) = (new KeyReader(optional, optional.Fields), new KeyReader(required, required.Fields));
        Assert.Equal(a.KeyType, b.KeyType);
        Assert.Equal(HashOf(EventOf.Type(optional, 7), a), HashOf(EventOf.Type(required, 7L), b));
        Assert.Equal(a.Compile<long>()(EventOf.Type(optional, 7)), b.Compile<long>()(EventOf.Type(required, 7L)));
    }

    [Fact]
    public void Values_are_told_in_order_and_in_the_types_of_their_kinds()
    {
        var values = new KeyReader(AllKinds, AllKinds.Fields).Values(Sample);
        Assert.Equal(new object[] { "żółw", true, 5L, 6L, 0.5, 2.50m, 1_767_607_200_250L, 5_400_000L, 9L }, values);
    }

    [Fact]
    public void Key_of_more_fields_than_a_tuple_holds_tells_keys_apart_by_the_last()
    {
        var reader = new KeyReader(AllKinds, AllKinds.Fields);
        var table = KeyTable.For([reader]);
        table.Add(new StreamEvent(0, Sample));
        var other = EventOf.Type(AllKinds, "żółw", true, 5, 6L, 0.5, 2.50m, 1_767_607_200_250L, 5_400_000L, 10L);
        Assert.Equal(0, table.Find(new StreamEvent(0, Sample)));
        Assert.Equal(-1, table.Find(new StreamEvent(0, other)));
    }

    [Fact]
    public void Fields_of_a_class_are_keys_like_those_of_a_declared_stream()
    {
        var type = EventType.Of<Reading>();
        var reader = Reader(type, nameof(Reading.Sensor), nameof(Reading.Room));
        Assert.Equal(StableHash.Combine(StableHash.Of(3L), StableHash.Of("b")), HashOf(new Reading { Sensor = 3, Room = "b" }, reader));
        Assert.False(reader.Hash(new Reading { Sensor = 3 }, out _));
    }

    private static KeyReader Reader(EventType type, params string[] fields) =>
        new(type, fields.Select(f => type.TryGetField(f, out var field) ? field : throw new ArgumentException(f)).ToList());

    private static ulong HashOf(object value, KeyReader reader)
    {
        Assert.True(reader.Hash(value, out var hash));
        return hash;
    }

    public sealed class Reading
    {
        public short Sensor { get; set; }

        public string? Room { get; set; }
    }
}
