using Cep.Engine.Keys;
using Xunit;

namespace Cep.Engine.Tests.Keys;

public class KeyTypeTests
{
    private sealed record Account(string Bank, long Number);

    private sealed class Loose
    {
        public int A { get; set; }
    }

    /// <summary>State lies in snapshots by these numbers: they never change.</summary>
    [Fact]
    public void Hashes_are_as_they_ever_were()
    {
        Assert.Equal(StableHash.Of(5L), KeyType.Of<int>().HashOf(5));
        Assert.Equal(StableHash.Of(5L), KeyType.Of<DayOfWeek>().HashOf(DayOfWeek.Friday));
        Assert.Equal(StableHash.Of("x"), KeyType.Of<string>().HashOf("x"));
        Assert.Equal(StableHash.Of(1.5m), KeyType.Of<decimal>().HashOf(1.50m));
        Assert.Equal(StableHash.Of(true), KeyType.Of<bool>().HashOf(true));
        Assert.Equal(StableHash.Combine(StableHash.Of("b"), StableHash.Of(7L)), KeyType.Of<Account>().HashOf(new Account("b", 7)));
        Assert.Equal(StableHash.Combine(StableHash.Of("b"), StableHash.Of(7L)), KeyType.Of<(string, int)>().HashOf(("b", 7)));
        Assert.Equal(
            StableHash.Combine(StableHash.Of(0x0011223344556677), StableHash.Of(unchecked((long)0x8899AABBCCDDEEFF))),
            KeyType.Of<Guid>().HashOf(new Guid("00112233-4455-6677-8899-aabbccddeeff")));
    }

    [Fact]
    public void Parts_may_be_null() => Assert.Equal(KeyType.Of<Account>().HashOf(new Account(null!, 7)), KeyType.Of<Account>().HashOf(new Account(null!, 7)));

    [Fact]
    public void Other_types_are_refused_by_name()
    {
        const string Rest = " Keys are whole numbers, bool, char, decimal, string, Guid, DateOnly, enumerations, and tuples and records of these.";
        Check(() => KeyType.Of<double>(), "`Double` cannot be a key: the type `Double` is of no kind that has a stable hash." + Rest);
        Check(() => KeyType.Of<(int, List<int>)>(), "`ValueTuple`2.Item2` cannot be a key: the type `List`1` is of no kind that has a stable hash." + Rest);
        Check(() => KeyType.Of<Loose>(), "`Loose` cannot be a key: the type `Loose` is a class whose instances are equal only to themselves; make it a record." + Rest);

        static void Check(Action make, string message) => Assert.Equal(message, Assert.Throws<NotSupportedException>(make).Message);
    }
}
