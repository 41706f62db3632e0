using Cep.Events;
using Cep.Language.Formatting;
using Cep.Language.Json;

namespace Cep.Language.Tests.Json;

/// <summary>Rules of dynamic CEP on Flink, and the patterns or problems they become.</summary>
public class DynamicCepJsonTests
{
    private static readonly EventType Stream = new EventTypeBuilder("events").Field("id", FieldType.Int).Field("action", FieldType.Int).Build();

    [Fact]
    public void Documented_rule_becomes_the_same_pattern()
    {
        const string json = """
            {"name":"end","quantifier":{"consumingStrategy":"SKIP_TILL_NEXT","properties":["SINGLE"],"times":null,"untilCondition":null},"condition":null,
             "nodes":[
              {"name":"end","quantifier":{"consumingStrategy":"STRICT","properties":["SINGLE"],"times":null,"untilCondition":null},
               "condition":{"expression":"action != 1","type":"AVIATOR"},"type":"ATOMIC"},
              {"name":"start","quantifier":{"consumingStrategy":"SKIP_TILL_ANY","properties":["LOOPING","GREEDY"],
               "times":{"from":3,"to":3,"windowTime":{"unit":"SECONDS","size":5}},"untilCondition":{"expression":"action == 9","type":"AVIATOR"}},
               "condition":{"expression":"action == 0","type":"AVIATOR"},"type":"ATOMIC"}],
             "edges":[{"source":"start","target":"end","type":"STRICT"}],
             "window":{"type":"FIRST_AND_LAST","time":{"unit":"MINUTES","size":10}},
             "afterMatchStrategy":{"type":"SKIP_TO_FIRST","patternName":"end"},"type":"COMPOSITE","version":1}
            """;
        Check(json, "start{3,} any in 5s until (action == 9): events where action == 0 => end: events where action != 1 within 10m skip to first end");
    }

    [Fact]
    public void Graph_in_a_graph_becomes_a_group_and_negated_edges_absences()
    {
        const string json = """
            {"type":"COMPOSITE","name":"g","nodes":[
              {"name":"a","type":"ATOMIC"},{"name":"n","type":"ATOMIC"},{"name":"z","type":"ATOMIC"},
              {"name":"inner","type":"COMPOSITE","quantifier":{"properties":["TIMES","OPTIONAL"],"times":{"from":2,"to":4}},
               "nodes":[{"name":"b","type":"ATOMIC"},{"name":"c","type":"ATOMIC","quantifier":{"properties":["SINGLE","OPTIONAL"]}}],
               "edges":[{"source":"b","target":"c","type":"SKIP_TILL_ANY"}]}],
             "edges":[{"source":"n","target":"inner","type":"SKIP_TILL_NEXT"},{"source":"a","target":"n","type":"NOT_FOLLOW"},
                      {"source":"inner","target":"z","type":"SKIP_TILL_NEXT"}],
             "window":{"type":"PREVIOUS_AND_CURRENT","time":{"unit":"HOURS","size":1}}}
            """;
        Check(json, "a: events -> not n: events -> ( ( b: events ->> c?: events ){2,4} )? -> z in 1h: events within forever skip none");
    }

    [Theory]
    [InlineData("""{"nodes":[{"name":"a","type":"ATOMIC","condition":{"type":"CLASS","className":"x.Y"}}]}""",
        "$.nodes[0].condition: error CEP0605: The condition is the code of the class `x.Y` and cannot be carried. (write it as an AVIATOR expression)")]
    [InlineData("""{"nodes":[{"name":"a","type":"ATOMIC","condition":{"type":"GROOVY","expression":"action == 1"}}]}""",
        "$.nodes[0].condition: error CEP0605: The condition is a GROOVY script and cannot be carried. (write it as an AVIATOR expression)")]
    [InlineData("""{"nodes":[{"name":"a","type":"ATOMIC","condition":{"type":"AVIATOR","expression":"action == 1 && id == 2"}}]}""",
        "$.nodes[0].condition.expression:13: error CEP0110: Expected an operator, but found `&&`. (write `and`)")]
    [InlineData("""{"nodes":[{"name":"a","type":"ATOMIC"},{"name":"b","type":"ATOMIC"}]}""",
        "$.nodes: error CEP0605: Exactly one node without an edge into it was expected, to start with, but found `a`, `b`.")]
    [InlineData("""{"nodes":[{"name":"a","type":"ATOMIC"},{"name":"b","type":"ATOMIC"},{"name":"c","type":"ATOMIC"}],"edges":[{"source":"a","target":"b","type":"STRICT"},{"source":"a","target":"c","type":"STRICT"}]}""",
        "$.edges[1]: error CEP0605: The node `a` has more than one edge out of it; a sequence has one.\n$.nodes[2]: error CEP0605: The node `c` is not reached from `a`.")]
    [InlineData("""{"nodes":[{"name":"a","type":"ATOMIC"}],"edges":[{"source":"a","target":"x","type":"SOON"}],"window":{"type":"EVER","time":{"unit":"WEEKS","size":1}}}""",
        "$.edges[0].target: error CEP0205: There is no node `x` in this graph.\n"
        + "$.edges[0].type: error CEP0604: Expected one of `STRICT`, `SKIP_TILL_NEXT`, `SKIP_TILL_ANY`, `NOT_NEXT`, `NOT_FOLLOW`, but found `SOON`.\n"
        + "$.window.type: error CEP0604: Expected one of `FIRST_AND_LAST`, `PREVIOUS_AND_CURRENT`, but found `EVER`.\n"
        + "$.window.time.unit: error CEP0604: Expected one of `MILLISECONDS`, `SECONDS`, `MINUTES`, `HOURS`, `DAYS`, but found `WEEKS`.")]
    [InlineData("""{"nodes":[{"name":"a","type":"ATOMIC"}],"parallelism":4}""", "$.parallelism: error CEP0602: There is no property `parallelism` in a graph of nodes.")]
    [InlineData("""{"nodes":[{"name":"a","type":"ATOMIC"}],"afterMatchStrategy":{"type":"SKIP_TO_LAST","patternName":"b"}}""",
        "$.afterMatchStrategy: error CEP0499: There is no step `b` in this pattern to skip to.")]
    public void What_cannot_be_carried_is_told(string json, string problems) =>
        Assert.Equal(problems, string.Join("\n", DynamicCepJson.Import(json, Stream).Problems));

    private static void Check(string json, string match)
    {
        var reading = DynamicCepJson.Import(json, Stream);
        Assert.Empty(reading.Problems);
        Assert.Equal(match, PatternWriter.Write(reading.Pattern!));
    }
}
