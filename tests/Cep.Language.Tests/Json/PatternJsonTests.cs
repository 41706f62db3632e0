using System.Text;
using Cep.Events;
using Cep.Language.Json;
using Cep.Language.Tests.Formatting;

namespace Cep.Language.Tests.Json;

/// <summary>The JSON form of patterns: one document as it is written, and what is told about documents that are wrong.</summary>
public class PatternJsonTests
{
    private static readonly IReadOnlyList<EventType> Streams =
        RuleCompiler.Compile(Compiled.Streams).RuleSet!.Streams.Select(s => s.EventType).ToList();

    private const string Golden = """
        {
          "version": 1,
          "steps": [
            {
              "name": "probe",
              "stream": "auths",
              "where": "amount < 2.00 and merchant != 'x'"
            },
            {
              "link": "strict",
              "group": [
                {
                  "name": "l",
                  "stream": "auths",
                  "quantifier": {
                    "min": 2,
                    "max": null,
                    "optional": true,
                    "greedy": true,
                    "inner": "nonDeterministicRelaxed",
                    "until": "amount > 100",
                    "gapMs": 5000
                  },
                  "gapMs": 6000
                }
              ],
              "quantifier": {
                "min": 1,
                "max": 3
              }
            },
            {
              "link": "relaxed",
              "either": [
                [
                  {
                    "name": "x"
                  }
                ],
                [
                  {
                    "name": "y"
                  },
                  {
                    "link": "strict",
                    "name": "z"
                  }
                ]
              ]
            },
            {
              "link": "relaxed",
              "not": true,
              "name": "any"
            },
            {
              "link": "relaxed",
              "not": true,
              "group": [
                {
                  "name": "u"
                },
                {
                  "link": "relaxed",
                  "name": "v"
                }
              ],
              "gapMs": 1000
            }
          ],
          "withinMs": 600000,
          "gapMs": 60000,
          "skip": {
            "kind": "toFirst",
            "step": "probe",
            "failsOnMiss": true
          }
        }
        """;

    [Fact]
    public void Document_with_every_property_is_written_as_it_was_read()
    {
        var reading = PatternJson.Read(Golden, Streams);
        Assert.Empty(reading.Problems);
        Assert.Equal(Golden.Replace("'x'", "\\\"x\\\"", StringComparison.Ordinal), PatternJson.Write(reading.Pattern!));
        Assert.Contains("gap 6000", ModelText.Of(reading.Pattern!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "$: error CEP0601: This is not JSON, at line 1, byte 1.")]
    [InlineData("[]", "$: error CEP0604: Expected an object: a pattern, but found an array.")]
    [InlineData("""{"version":2,"steps":[{"name":"a"}]}""", "$.version: error CEP0604: This is version 2 of the form; only version 1 can be read.")]
    [InlineData("""{"steps":[{"name":"a"}]}""", "$: error CEP0603: The property `version` is missing: this form is version 1.")]
    [InlineData("""{"version":1,"steps":[]}""", "$: error CEP0499: A pattern needs at least one step.")]
    [InlineData("""{"version":1,"steps":[{"name":"a","strem":"auths"}]}""",
        "$.steps[0].strem: error CEP0602: There is no property `strem` in a step. (did you mean `stream`?)")]
    [InlineData("""{"version":1,"steps":[{"name":"a","name":"b"}]}""", "$.steps[0].name: error CEP0602: The property `name` stands twice; once was expected.")]
    [InlineData("""{"version":1,"steps":[{"name":"a","stream":"auth"}]}""", "$.steps[0].stream: error CEP0202: There is no stream `auth`. (did you mean `auths`?)")]
    [InlineData("""{"version":1,"steps":[{"name":"a","stream":"auths"},{"name":"b","stream":"auths","where":"amount > 1 and amont > a.amount"}]}""",
        "$.steps[1].where:16: error CEP0204: There is no field `amont` on stream `auths`. (did you mean `amount`?)")]
    [InlineData("""{"version":1,"steps":[{"name":"a","stream":"auths","where":"amount >"}]}""",
        "$.steps[0].where:9: error CEP0110: Expected an expression, but found the end of the condition.")]
    [InlineData("""{"version":1,"steps":[{"name":"a","where":"amount > 1"}]}""",
        "$.steps[0].where: error CEP0210: The condition reads a field of a step that does not name its stream. (add `stream` to the step)")]
    [InlineData("""{"version":1,"steps":[{"not":true,"name":"a"}]}""",
        "$.steps[0]: error CEP0499: `not a` stands first, so there is no event after which `a` must not come; a pattern and a group begin with a step that takes an event.\n"
        + "$.steps[0]: error CEP0499: The pattern ends with `not a` and has no bound, so it is never sure that `a` does not come.")]
    [InlineData("""{"version":1,"steps":[{"name":"a","quantifier":{"min":3}}]}""",
        "$.steps[0]: error CEP0499: The least count, 3, is above the most, 1.")]
    [InlineData("""{"version":1,"steps":[{"name":"a"}],"skip":{"kind":"toFirst","step":"b"}}""",
        "$.skip.step: error CEP0499: There is no step `b` in this pattern to skip to.")]
    [InlineData("""{"version":1,"steps":[{"name":"a","gapMs":1.5}],"skip":{"kind":"never"}}""",
        "$.steps[0].gapMs: error CEP0604: Expected a whole number from -2305843009213693951 to 2305843009213693951, but found `1.5`.\n"
        + "$.skip.kind: error CEP0604: Expected one of `none`, `toNext`, `pastLast`, `toFirst`, `toLast`, but found `never`.")]
    [InlineData("""{"version":1,"steps":[{"name":"\ud800"}]}""", "$: error CEP0601: There is half of a character in a text, a `\\u` escape without its partner.")]
    public void What_is_wrong_is_told_with_its_path(string json, string problems) =>
        Assert.Equal(problems, string.Join("\n", PatternJson.Read(json, Streams).Problems));

    [Fact]
    public void Ten_thousand_mutations_of_a_document_never_throw()
    {
        var random = new SplitMix64(7);
        var original = Encoding.UTF8.GetBytes(Golden);
        var read = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = original.ToArray();
            // Half of the bytes are printable, so that some documents stay JSON.
            for (var count = 1 + random.Below(2); count > 0; count--)
                bytes[random.Below(bytes.Length)] = (byte)(random.OneIn(2) ? 32 + random.Below(95) : random.Below(256));
            var reading = PatternJson.Read(bytes, Streams);
            DynamicCepJson.Import(bytes, Streams[0]);
            Assert.Equal(reading.Pattern is null, reading.Problems.Count > 0);
            read += reading.Pattern is null ? 0 : 1;
        }
        Assert.InRange(read, 100, 9_900);
    }
}
