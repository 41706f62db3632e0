using System.Text;
using Cep.Events;
using Xunit;

namespace Cep.Tests.Events;

public class ReaderAllocationTests
{
    private const int Count = 100_000;

    private static readonly EventType Type = new EventTypeBuilder("s")
        .Field("id", FieldType.Long).Field("key", FieldType.String).Field("price", FieldType.Decimal).Field("at", FieldType.Timestamp)
        .Field("wait", FieldType.Duration).Field("ratio", FieldType.Double, isOptional: true).Build();

    [Fact]
    public void A_json_line_costs_its_event_and_nothing_else()
    {
        var reader = new JsonEventReader([Type, new EventTypeBuilder("other").Build()]);
        var lines = Enumerable.Range(0, 100).Select(i => Encoding.UTF8.GetBytes(
            $$"""{"$stream":"s","id":{{i}},"x":[1,{"y":"z"}],"key":"k\\{{i % 7}}","price":1.50,"ratio":0.25,"wait":"1h30m","at":"2026-01-05T10:00:00Z"}""")).ToArray();

        Assert.Equal(EventBytes(), BytesEach(i => reader.TryRead(lines[i % lines.Length], out _, out _, out _)), 1.0);
    }

    [Fact]
    public void A_csv_record_costs_its_event_and_nothing_else()
    {
        var reader = new CsvEventReader(Type);
        Assert.Null(reader.Header("id,x,key,price,ratio,wait,at"u8));
        var records = Enumerable.Range(0, 100).Select(i => Encoding.UTF8.GetBytes(
            $"{i},,\"k\"\"{i % 7}\",1.50,,1h30m,2026-01-05 10:00:00")).ToArray();

        Assert.Equal(EventBytes(), BytesEach(i => reader.TryRead(records[i % records.Length], out _, out _)), 1.0);
    }

    private static double EventBytes()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            Activator.CreateInstance(Type.ClrType);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000.0;
    }

    private static double BytesEach(Func<int, bool> read)
    {
        for (var i = 0; i < 1_000; i++)
            Assert.True(read(i));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = 0;
        for (var i = 0; i < Count; i++)
            count += read(i) ? 1 : 0;
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(Count, count);
        return (double)bytes / Count;
    }
}
