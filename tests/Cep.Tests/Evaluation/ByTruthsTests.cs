using Cep.Evaluation;
using Xunit;

namespace Cep.Tests.Evaluation;

public sealed class ByTruthsTests
{
    private const ulong Few = 0b10_1001;
    private const ulong Many = 0b1001_0000_0010;

    private int _found;

    [Theory]
    [InlineData(Few)]
    [InlineData(Many)]
    public void Finds_what_follows_from_a_combination_once_whatever_other_bits_are(ulong predicates)
    {
        var byTruths = Of(predicates);
        for (var round = 0; round < 3; round++)
        {
            for (var truths = 0UL; truths < 4096; truths++)
                Assert.Equal(truths & predicates, byTruths.Of(truths));
        }
        Assert.Equal(8, _found);
    }

    [Fact]
    public void Keeps_a_bounded_number_of_combinations_and_finds_forgotten_ones_again()
    {
        var byTruths = Of(ulong.MaxValue);
        for (var truths = 0UL; truths < 5000; truths++)
            Assert.Equal(truths, byTruths.Of(truths));
        Assert.Equal(5000, _found);
        Assert.Equal(0UL, byTruths.Of(0));
        Assert.Equal(5001, _found);
        Assert.Equal(4999UL, byTruths.Of(4999));
        Assert.Equal(5001, _found);
    }

    private ByTruths<ulong> Of(ulong predicates) => new(predicates, truths =>
    {
        _found++;
        return truths;
    });
}
