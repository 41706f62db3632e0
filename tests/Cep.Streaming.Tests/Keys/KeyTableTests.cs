using Cep.Events;
using Cep.Streaming.Keys;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Keys;

public class KeyTableTests
{
    private static readonly EventType Orders = new EventTypeBuilder("orders").Field("id", FieldType.String).Field("n", FieldType.Int).Build();

    private static readonly EventType Shipments = new EventTypeBuilder("shipments")
        .Field("reference", FieldType.String, isOptional: true).Field("count", FieldType.Long, isOptional: true).Build();

    [Fact]
    public void Streams_whose_key_fields_have_the_same_kinds_share_the_keys()
    {
        var table = KeyTable.For([new KeyReader(Orders, Orders.Fields), null, new KeyReader(Shipments, Shipments.Fields)]);
        var shipment = new StreamEvent(2, EventOf.Type(Shipments, "a", 1L));
        Assert.Equal(-1, table.Find(Order("a", 1)));
        Assert.Equal(0, table.Add(Order("a", 1)));
        Assert.Equal(0, table.Find(shipment));
        Assert.Equal(1, table.Add(new StreamEvent(2, EventOf.Type(Shipments, "a", 2L))));
        Assert.Equal(1, table.Find(Order("a", 2)));
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void Without_key_fields_all_events_share_a_key()
    {
        var table = KeyTable.For([new KeyReader(Orders, []), new KeyReader(Shipments, [])]);
        Assert.Equal(0, table.Add(Order("a", 1)));
        Assert.Equal(0, table.Find(Order("b", 2)));
        Assert.Equal(0, table.Find(new StreamEvent(1, EventOf.Type(Shipments, null, null))));
    }

    [Fact]
    public void Numbers_that_are_equal_are_one_key()
    {
        var type = new EventTypeBuilder("s").Field("real", FieldType.Double).Field("exact", FieldType.Decimal).Build();
        var table = KeyTable.For([new KeyReader(type, type.Fields)]);
        table.Add(new StreamEvent(0, EventOf.Type(type, 0.0, 1.0m)));
        table.Add(new StreamEvent(0, EventOf.Type(type, double.NaN, 1.0m)));
        Assert.Equal(0, table.Find(new StreamEvent(0, EventOf.Type(type, -0.0, 1.000m))));
        Assert.Equal(1, table.Find(new StreamEvent(0, EventOf.Type(type, BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0001), 1m))));
    }

    [Fact]
    public void Random_use_agrees_with_a_dictionary_and_slots_are_used_again()
    {
        var random = new Random(9);
        var table = KeyTable.For([new KeyReader(Orders, Orders.Fields)]);
        var model = new Dictionary<(string, int), int>();
        var (most, highest) = (0, -1);
        for (var i = 0; i < 20_000; i++)
        {
            var key = ("k" + random.Next(20), random.Next(20));
            var e = Order(key.Item1, key.Item2);
            var slot = table.Find(e);
            Assert.Equal(model.GetValueOrDefault(key, -1), slot);
            if (slot < 0)
                highest = Math.Max(highest, model[key] = table.Add(e));
            else if (random.Next(2) == 0)
                table.Remove(slot);
            if (slot >= 0 && table.Find(e) < 0)
                model.Remove(key);
            most = Math.Max(most, model.Count);
            Assert.Equal(model.Count, table.Count);
        }
        Assert.Equal(most - 1, highest);
        Assert.Equal(model.Count, model.Values.Distinct().Count());
    }

    [Fact]
    public void Finding_a_key_allocates_nothing()
    {
        var table = KeyTable.For([new KeyReader(Orders, Orders.Fields)]);
        var (known, unknown) = (Order("k", 1), Order("k", 2));
        table.Add(known);
        table.Find(known);
        table.Find(unknown);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            _ = table.Find(known) + table.Find(unknown);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static StreamEvent Order(string id, int n) => new(0, EventOf.Type(Orders, id, n));
}
