namespace Cep.Conformance.Model;

public class ExpressionReaderTests
{
    [Theory]
    [InlineData("name == 'a' and price > 2", "Name == \"a\" and Price > 2")]
    [InlineData("name in ('a', 'b')", "Name in (\"a\", \"b\")")]
    [InlineData("(count(v0) == 0 or price > last(v0.price))", "count(v0) == 0 or Price > v0.Price")]
    [InlineData("price + sum(v1.price) < 15", "Price + sum(v1.Price) < 15")]
    [InlineData("price < first(v.price) and id == last(v).id", "Price < first(v.Price) and Id == v.Id")]
    [InlineData("a[0].price - a[-2].price > 1.5", "first(a.Price) - a[-2].Price > 1.5")]
    [InlineData("price between 1 and 2 * 3", "Price >= 1 and Price <= 2 * 3")]
    [InlineData("`start-1`.price > 1", "`start-1`.Price > 1")]
    public void An_expression_of_a_case_is_a_condition(string source, string condition) =>
        Assert.Equal(condition, ExpressionReader.Read(source).ToString());

    [Theory]
    [InlineData("weight > 1")]
    [InlineData("price >")]
    [InlineData("price > 1 2")]
    [InlineData("median(a.price) > 1")]
    public void What_is_no_expression_of_a_case_is_an_error(string source) => Assert.Throws<FormatException>(() => ExpressionReader.Read(source));
}
