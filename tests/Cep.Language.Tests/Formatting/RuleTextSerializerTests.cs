using Cep.Language.Formatting;
using Cep.Language.Text;
using Cep.Rules;

namespace Cep.Language.Tests.Formatting;

public class RuleTextSerializerTests
{
    private const string Stream = "stream s { k string? n long ts timestamp watermark for ts delay 0s }\n";

    [Fact]
    public void A_rule_is_read_back_over_the_streams_that_run()
    {
        var set = Set(Stream + "stream t { x double ts timestamp processing time }\nrule `r 1` { title \"t\" from s key k where n > 1 match a: s where n > 2 -> b: s where n > a.n within 5m skip none emit alert { many = count(a) } }");
        var (serializer, rule) = (new RuleTextSerializer(), set.Rules[0]);
        var read = serializer.Read(serializer.Write(rule), set.Streams);
        Assert.Equal(RuleWriter.Write(rule), RuleWriter.Write(read));
        Assert.Equal(set.Streams[0], read.Inputs[0].Stream);
    }

    [Fact]
    public void What_is_no_rule_over_the_streams_says_why()
    {
        var serializer = new RuleTextSerializer();
        var text = serializer.Write(Set(Stream + "rule r { from s match a: s where n > 2 -> b: s within 5m }").Rules[0]);
        var other = Set(Stream.Replace("n long", "m long", StringComparison.Ordinal) + "rule r { from s match a: s -> b: s within 5m }").Streams;
        Assert.Contains("`n`", Assert.Throws<InvalidDataException>(() => serializer.Read(text, other)).Message, StringComparison.Ordinal);
        Assert.Equal("It is not one rule.", Assert.Throws<InvalidDataException>(() => serializer.Read("", other)).Message);
    }

    private static RuleSet Set(string text)
    {
        var compilation = RuleCompiler.Compile(new SourceText("test.cep", text));
        Assert.True(compilation.RuleSet is not null, string.Join("\n", compilation.Diagnostics.Select(d => d.Render())));
        return compilation.RuleSet!;
    }
}
