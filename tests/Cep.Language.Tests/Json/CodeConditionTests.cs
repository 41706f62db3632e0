using Cep.Language.Formatting;
using Cep.Language.Json;
using Cep.Patterns;
using Xunit;

namespace Cep.Language.Tests.Json;

public class CodeConditionTests
{
    private sealed record Payment(string Card, decimal Amount);

    private static readonly HashSet<string> Suspects = ["c-1"];

    private static readonly Pattern WithCode = Pattern.Begin<Payment>("a").Where(p => Suspects.Contains(p.Card)).Build();

    [Fact]
    public void A_condition_that_is_code_cannot_be_written_as_json() =>
        Assert.StartsWith("A condition of the pattern is code", Assert.Throws<ArgumentException>(() => PatternJson.Write(WithCode)).Message);

    [Fact]
    public void A_condition_that_is_code_has_no_rule_text() =>
        Assert.Contains(PatternWriter.Check(WithCode), p => p.Reason == "The condition of `a` is code, which rule text has no form for.");
}
