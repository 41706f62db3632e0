using Cep.Language.Text;

namespace Cep.Language.Tests;

public class TextTests
{
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(2, 1, 3)]
    [InlineData(3, 2, 1)]
    [InlineData(5, 3, 1)]
    [InlineData(6, 3, 2)]
    [InlineData(8, 3, 3)]
    public void An_offset_has_a_line_and_a_column_in_code_points(int offset, int line, int column)
    {
        var source = new SourceText("x", "ab\n\r\na😀b");
        Assert.Equal((line, column), (source.LineOf(offset), source.ColumnOf(offset)));
    }

    [Theory]
    [InlineData("amout", "amount")]
    [InlineData("amuont", "amount")]
    [InlineData("Amount", "amount")]
    [InlineData("id", null)]
    [InlineData("ammmount", "amount")]
    [InlineData("mercant", "merchant")]
    [InlineData("price", null)]
    public void The_nearest_name_is_suggested_only_if_it_is_near(string name, string? expected) =>
        Assert.Equal(expected, EditDistance.Nearest(name, ["ts", "amount", "merchant", "approved"]));
}
