using Cep.Conditions;
using Xunit;

namespace Cep.Tests.Conditions;

public class ValueListTests
{
    public static TheoryData<ListType, string, object[], object[]> Lists => new()
    {
        { ListType.Bool, "bool", [true], [false] },
        { ListType.Int, "int", [-1L, 7L], [0L, 8L] },
        { ListType.Long, "long", [long.MaxValue, 0L], [1L] },
        { ListType.Double, "double", [0.5, -1e300], [0.25, 0.0] },
        { ListType.Decimal, "decimal", [1.50m, 2m], [1.51m] },
        { ListType.String, "string", ["a", ""], ["A", "aa", "ä"] },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_value_is_in_the_list_that_holds_an_equal_one(ListType type, string field, object[] inside, object[] outside)
    {
        var list = new ValueList("l", type, inside);
        foreach (var name in new[] { field, field + "_opt" })
        {
            var isIn = ExprFactory.InList(Sample.Of(name), list);
            Assert.All(inside, v => Assert.Equal(Truth.True, Sample.Decide(isIn, Sample.Event((name, Of(field, v))))));
            Assert.All(outside, v => Assert.Equal(Truth.False, Sample.Decide(isIn, Sample.Event((name, Of(field, v))))));
            Assert.All(outside, v => Assert.Equal(Truth.True, Sample.Decide(ExprFactory.Not(isIn), Sample.Event((name, Of(field, v))))));
        }
        var ofNull = ExprFactory.InList(Sample.Of(field + "_opt"), list);
        Assert.Equal(Truth.Unknown, Sample.Decide(ofNull, Sample.Event()));
        Assert.Equal(Truth.Unknown, Sample.Decide(ExprFactory.Not(ofNull), Sample.Event()));
    }

    [Fact]
    public void Nothing_is_in_an_empty_list()
    {
        var isIn = ExprFactory.InList(Sample.Of("string_opt"), new ValueList("l", ListType.String, []));
        Assert.Equal(Truth.False, Sample.Decide(isIn, Sample.Event(("string_opt", "a"))));
        Assert.Equal(Truth.Unknown, Sample.Decide(isIn, Sample.Event()));
    }

    [Fact]
    public void Numbers_of_two_kinds_are_compared_in_the_wider_one()
    {
        var wholes = new ValueList("l", ListType.Long, [1L, 3L]);
        Assert.Equal(Truth.True, Sample.Decide(ExprFactory.InList(Sample.Of("decimal"), wholes), Sample.Event(("decimal", 3.00m))));
        Assert.Equal(Truth.False, Sample.Decide(ExprFactory.InList(Sample.Of("double"), wholes), Sample.Event(("double", 3.5))));
        var prices = new ValueList("l", ListType.Decimal, [0.5m, 2m]);
        Assert.Equal(Truth.True, Sample.Decide(ExprFactory.InList(Sample.Of("int"), prices), Sample.Event(("int", 2))));
        Assert.Equal(Truth.True, Sample.Decide(ExprFactory.InList(Sample.Of("double"), prices), Sample.Event(("double", 0.5))));
        Assert.Throws<ArgumentException>(() => ExprFactory.InList(Sample.Of("string"), prices));
    }

    [Theory]
    [InlineData("10.255.0.1", Truth.True)]
    [InlineData("::ffff:10.0.0.1", Truth.True)]
    [InlineData("11.0.0.0", Truth.False)]
    [InlineData("2001:db8:ffff::1", Truth.True)]
    [InlineData("2001:db9::", Truth.False)]
    [InlineData("192.168.1.1", Truth.True)]
    [InlineData("192.168.1.2", Truth.False)]
    [InlineData("192.168.1.1 ", Truth.Unknown)]
    [InlineData("localhost", Truth.Unknown)]
    [InlineData("", Truth.Unknown)]
    public void A_text_is_in_a_list_of_blocks_of_addresses_where_it_is_an_address_in_one(string text, object expected)
    {
        var isIn = ExprFactory.InList(Sample.Of("string"), new ValueList("l", ListType.Cidr, ["10.0.0.0/8", "2001:db8::/32", "192.168.1.1"]));
        Assert.Equal(expected, Sample.Decide(isIn, Sample.Event(("string", text))));
    }

    [Fact]
    public void Values_that_are_equal_are_kept_once_and_those_of_another_type_are_refused()
    {
        Assert.Equal([1.0m, 2m], new ValueList("l", ListType.Decimal, [1.0m, 2m, 1.00m]).Values);
        Assert.StartsWith("`3000000000` is no value of a list of int.", Assert.Throws<ArgumentException>(() => new ValueList("l", ListType.Int, [1L, 3_000_000_000L])).Message);
        Assert.Throws<ArgumentException>(() => new ValueList("l", ListType.Long, [1]));
        Assert.Throws<ArgumentException>(() => new ValueList("l", ListType.Double, [double.NaN]));
        Assert.Throws<ArgumentException>(() => new ValueList("l", ListType.Cidr, ["10.0.0.1/8"]));
    }

    [Fact]
    public void Contents_tell_lists_apart_whatever_their_name_and_order()
    {
        string Of(ListType type, params object[] values) => new ValueList("l", type, values).Fingerprint;
        Assert.Equal(Of(ListType.String, "a", "b"), new ValueList("other", ListType.String, ["b", "a", "b"]).Fingerprint);
        Assert.NotEqual(Of(ListType.String, "a", "b"), Of(ListType.String, "ab"));
        Assert.NotEqual(Of(ListType.String, "1"), Of(ListType.Long, 1L));
        Assert.Equal(Of(ListType.Decimal, 1.50m), Of(ListType.Decimal, 1.5m));
        Assert.Equal(Of(ListType.Cidr, "10.0.0.0/9", "10.128.0.0/9"), Of(ListType.Cidr, "10.0.0.0/8"));
        Assert.NotEqual(Of(ListType.Cidr, "10.0.0.0/9"), Of(ListType.Cidr, "10.0.0.0/8"));
        Assert.Equal("4dd8b2d2", Of(ListType.String, "a", "b")[..8]);
    }

    [Fact]
    public void A_condition_that_names_a_list_is_written_with_its_name()
    {
        var list = new ValueList("odd name", ListType.String, ["a"]);
        Assert.Equal("string in @`odd name`", ExprFactory.InList(Sample.Of("string"), list).ToString());
        Assert.Equal("lower(string) not in @`odd name`", ExprFactory.Not(ExprFactory.InList(ExprFactory.Call(Function.Lower, Sample.Of("string")), list)).ToString());
    }

    private static object Of(string field, object value) => field == "int" ? (int)(long)value : value;
}
