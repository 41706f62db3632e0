namespace Cep.Conformance.Golden;

public class GoldenStreamTests
{
    [Fact]
    public void The_first_types_are_those_of_the_definition() =>
        Assert.Equal([7, 1, 2, 3, 0, 8, 2, 8, 3, 6, 2, 4, 5, 5, 6, 2, 1, 4, 0, 6], GoldenStream.Types(20).Select(e => e.Type));

    [Fact]
    public void Prices_above_99_are_as_many_as_the_definition_counts() =>
        Assert.Equal(50_115, GoldenStream.Prices(5_000_000, 1).Count(e => e.Price > 99));

    [Fact]
    public void The_key_changes_nothing_else_of_an_event() =>
        Assert.Equal(GoldenStream.Prices(1_000, 1).Select(e => (e.Type, e.Price)), GoldenStream.Prices(1_000, 10_000).Select(e => (e.Type, e.Price)));
}
