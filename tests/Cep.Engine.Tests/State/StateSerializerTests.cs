using Cep.Engine.State.Serializers;
using Xunit;

namespace Cep.Engine.Tests.State;

public class StateSerializerTests
{
    private enum Level
    {
        Low = 1,
        High = -5,
    }

    private sealed record Point(int X, int Y = 7);

    private readonly record struct Price(decimal Amount, string Currency);

    private sealed class Order
    {
        public long Id { get; set; }

        public string? Customer { get; set; }

        public List<Price> Prices { get; set; } = [];

        public Dictionary<string, int[]>? Counts { get; set; }

        public Level? Level { get; init; }

        public Point? Place { get; set; }

        public int NotKept => 3;
    }

    [Fact]
    public void Every_scalar_comes_back()
    {
        Comes_back(true);
        Comes_back(byte.MaxValue);
        Comes_back(sbyte.MinValue);
        Comes_back(short.MinValue);
        Comes_back(ushort.MaxValue);
        Comes_back(int.MinValue);
        Comes_back(uint.MaxValue);
        Comes_back(long.MinValue);
        Comes_back(ulong.MaxValue);
        Comes_back('\uD800');
        Comes_back(1.5f);
        Comes_back(double.NegativeInfinity);
        Comes_back(-1.500m);
        Comes_back("grün\0");
        Comes_back("half \uD83D pair");
        Comes_back<string?>(null);
        Comes_back(new Guid("00112233-4455-6677-8899-aabbccddeeff"));
        Comes_back(new DateTime(2020, 2, 29, 1, 2, 3, DateTimeKind.Utc));
        Comes_back(new DateTimeOffset(2020, 2, 29, 1, 2, 3, TimeSpan.FromMinutes(-90)));
        Comes_back(new DateOnly(2020, 2, 29));
        Comes_back(TimeSpan.MinValue);
        Comes_back(Level.High);
        Comes_back<int?>(null);
        Comes_back<int?>(-4);
        Comes_back((1, "two", (int?)null));
    }

    [Fact]
    public void Collections_and_classes_come_back()
    {
        Assert.Equal([1, 2, 3], RoundTrip(new byte[] { 1, 2, 3 }));
        Assert.Equal([null, "", "x"], RoundTrip<List<string?>>([null, "", "x"]));
        Assert.Equal([3L, 1L], RoundTrip<HashSet<long>>([3, 1]));
        Assert.Null(RoundTrip<long[]?>(null));
        var order = new Order
        {
            Id = 9, Prices = [new Price(1.10m, "EUR")], Counts = new() { ["a"] = [1, 2], ["b"] = [] }, Level = Level.Low, Place = new Point(1, 2),
        };
        Order read = RoundTrip(order);
        Assert.Equal((9L, (string?)null, Level.Low, new Point(1, 2)), (read.Id, read.Customer, read.Level!.Value, read.Place));
        Assert.Equal(order.Prices, read.Prices);
        Assert.Equal([1, 2], read.Counts!["a"]);
        Assert.Empty(read.Counts["b"]);
    }

    [Fact]
    public void Schema_names_the_fields_and_no_class()
    {
        Assert.Equal(
            "{Id:long,Customer:string,Prices:list<{Amount:decimal,Currency:string}>,Counts:map<string,list<int>>,Level:enum(Low=1,High=-5)?,Place:{X:int,Y:int}?}?",
            StateSerializer.Of<Order>().Schema);
        Assert.Equal("{Item1:int,Item2:bytes}", StateSerializer.Of<(int, byte[])>().Schema);
    }

    /// <summary>These bytes lie in snapshots: a change of them is a change of the format.</summary>
    [Fact]
    public void Bytes_are_as_they_ever_were()
    {
        Check(new Order { Id = 9, Customer = null, Prices = null! }, "01" + "12" + "00" + "00" + "00" + "00" + "00");
        Check(new Point(-1, 300), "01" + "01" + "D804");
        Check(new Price(1.5m, "é"), "0F000000" + "00000000" + "00000000" + "00000100" + "05" + "C3A9");
        Check("\uD800", "06" + "00D8");
        Check(new DateTimeOffset(1, TimeSpan.Zero), "02" + "00");
        Check(new DateTime(1, DateTimeKind.Utc), "01" + "02");
        Check(new Guid("00112233-4455-6677-8899-aabbccddeeff"), "00112233445566778899AABBCCDDEEFF");
        Check(new List<int?> { 1, null }, "03" + "0102" + "00");
        Check(new Dictionary<string, double> { ["a"] = 1 }, "02" + "0361" + "000000000000F03F");

        static void Check<T>(T value, string expected) =>
            Assert.Equal(expected, Convert.ToHexString(Bytes(value)));
    }

    [Fact]
    public void Bytes_that_are_cut_off_or_damaged_are_refused_or_another_value()
    {
        Func<StateInput, Order> read = StateSerializer.Of<Order>().ReaderOf(StateSerializer.Of<Order>().Schema, "the value of state 's'");
        byte[] whole = Bytes(new Order { Id = 1L << 40, Customer = "someone", Prices = [new Price(2, "USD")], Counts = new() { ["k"] = [1] }, Place = new(1, 1) });
        for (int length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => read(Input(whole[..length])));
        var random = new Random(11);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                read(Input(damaged));
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private static void Comes_back<T>(T value) => Assert.Equal(value, RoundTrip(value));

    private static T RoundTrip<T>(T value) => Read<T>(Bytes(value), StateSerializer.Of<T>().Schema);

    private static StateInput Input(byte[] bytes)
    {
        var input = new StateInput();
        input.Reset(bytes);
        return input;
    }

    private static byte[] Bytes<T>(T value)
    {
        var output = new StateOutput();
        StateSerializer.Of<T>().Write(value, output);
        return output.Written.ToArray();
    }

    private static T Read<T>(byte[] bytes, string schema)
    {
        StateInput input = Input(bytes);
        T value = StateSerializer.Of<T>().ReaderOf(schema, "the value of state 's'")(input);
        input.End();
        return value;
    }
}
