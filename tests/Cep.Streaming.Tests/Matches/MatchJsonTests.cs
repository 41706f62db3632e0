using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cep.Conditions;
using Cep.Engine.Connectors;
using Cep.Events;
using Cep.Patterns;
using Cep.Rules;
using Cep.Streaming.Matches;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Matches;

public class MatchJsonTests
{
    private static readonly EventType Type = new EventTypeBuilder("all")
        .Field("text", FieldType.String).Field("flag", FieldType.Bool).Field("small", FieldType.Int).Field("big", FieldType.Long, isOptional: true)
        .Field("real", FieldType.Double).Field("exact", FieldType.Decimal).Field("at", FieldType.Timestamp).Field("span", FieldType.Duration, isOptional: true)
        .Build();

    private static readonly StreamDefinition Stream = new(Type, new EventTime(Type.Fields[6], DelayMs: 0));

    private static readonly object Full = EventOf.Type(Type, "a\"ż\n", true, 5, 6L, 0.5, 2.50m, 1_767_607_200_250L, 5_400_000L);

    private static readonly object Bare = EventOf.Type(Type, "", false, int.MinValue, null, double.NaN, -0.0m, -62_135_596_800_000L, null);

    [Fact]
    public void Line_of_a_match_never_changes() => Assert.Equal(
        """
        {"rule":"r","version":3,"id":"0123456789abcdef0123456789abcdef","key":["c-17",4],"severity":"high","start":"2026-01-05T10:00:00.250Z","end":"2026-01-05T10:00:01Z","detected":"2026-01-05T10:00:02Z","measures":{"yes":true,"count":9223372036854775807,"real":1E+300,"exact":1.10,"text":"ż \"q\" <&>\u2028","at":"1970-01-01T00:00:00Z","span":"-1m30s","none":null,"nan":null,"infinite":null,"a \"b\"":0},"events":{"probe":[{"text":"a\"ż\n","flag":true,"small":5,"big":6,"real":0.5,"exact":2.50,"at":"2026-01-05T10:00:00.250Z","span":"1h30m"},{"text":"","flag":false,"small":-2147483648,"big":null,"real":null,"exact":0.0,"at":"0001-01-01T00:00:00Z","span":null}],"żółć \"step\"":[{"text":"a\"ż\n","flag":true,"small":5,"big":6,"real":0.5,"exact":2.50,"at":"2026-01-05T10:00:00.250Z","span":"1h30m"}]},"kind":"match"}
        """,
        Line(json => new MatchJson([Stream]).Write(json, Match())));

    [Fact]
    public void Line_of_a_timeout_has_no_measures_and_says_what_it_is()
    {
        var line = Line(json => new MatchJson([Stream]).Write(json, Match() with { Kind = MatchKind.Timeout, Measures = [] }));
        Assert.Contains("\"measures\":{},\"events\":{\"probe\":[{", line);
        Assert.EndsWith(",\"kind\":\"timeout\"}", line);
    }

    [Fact]
    public void Line_of_a_timeout_that_is_an_alert_has_its_own_measures()
    {
        var match = Match();
        var line = Line(json => new MatchJson([Stream]).Write(json, match with
        {
            Kind = MatchKind.Timeout, Measures = [5L], Rule = match.Rule with { TimeoutMeasures = [Measure("waited", ValueKind.Long)] }, Suppressed = 7, Limited = 2, Severity = Severity.Low,
        }));
        Assert.Contains("\"severity\":\"low\"", line);
        Assert.Contains("\"measures\":{\"waited\":5},\"events\":{\"probe\":[{", line);
        Assert.EndsWith(",\"kind\":\"timeout\",\"suppressed\":7,\"limited\":2}", line);
    }

    [Theory]
    [InlineData(Severity.Low, "low")]
    [InlineData(Severity.Medium, "medium")]
    [InlineData(Severity.Critical, "critical")]
    public void Severity_is_told_by_name(Severity severity, string name)
    {
        var match = Match();
        var line = Line(json => new MatchJson([Stream]).Write(json, match with { Rule = match.Rule with { Severity = severity } }));
        Assert.Contains($"\"severity\":\"{name}\"", line);
    }

    [Fact]
    public void Time_that_has_no_text_is_a_number()
    {
        var line = Line(json => new MatchJson([Stream]).Write(json, Match() with { EndMs = long.MaxValue, StartMs = long.MinValue }));
        Assert.Contains("\"start\":-9223372036854775808,\"end\":9223372036854775807,", line);
    }

    [Fact]
    public void Late_event_tells_how_late_it_is() => Assert.Equal(
        """{"stream":"all","source":"in.json","time":"1970-01-01T00:00:01Z","watermark":"1970-01-01T00:00:02Z","event":{"text":"","flag":false,"small":-2147483648,"big":null,"real":null,"exact":0.0,"at":"0001-01-01T00:00:00Z","span":null}}""",
        Line(json => new MatchJson([Stream]).Write(json, new LateRecord<StreamEvent>(new StreamEvent(0, Bare), 1_000, 2_000, 5, "in.json"))));

    [Fact]
    public void Malformed_record_tells_where_and_why() => Assert.Equal(
        """{"source":"in.json","line":7,"reason":"No.","text":"{\"a\"\t"}""",
        Line(json => MatchJson.Write(json, new MalformedRecord("in.json", 7, "No.", "{\"a\"\t"))));

    private static Match Match() => new()
    {
        Rule = new Rule
        {
            Name = "r",
            Version = 3,
            Severity = Severity.High,
            Inputs = [new RuleInput(Stream, [Type.Fields[0], Type.Fields[3]], null)],
            Pattern = new Pattern { Steps = [new EventStep { Name = "probe" }] },
            Measures =
            [
                Measure("yes", ValueKind.Bool), Measure("count", ValueKind.Long), Measure("real", ValueKind.Double), Measure("exact", ValueKind.Decimal),
                Measure("text", ValueKind.String), Measure("at", ValueKind.Timestamp), Measure("span", ValueKind.Duration), Measure("none", ValueKind.Long),
                Measure("nan", ValueKind.Double), Measure("infinite", ValueKind.Double), Measure("a \"b\"", ValueKind.Long),
            ],
        },
        Kind = MatchKind.Match,
        Id = "0123456789abcdef0123456789abcdef",
        Key = ["c-17", 4L],
        StartMs = 1_767_607_200_250,
        EndMs = 1_767_607_201_000,
        DetectedMs = 1_767_607_202_000,
        Measures = [true, long.MaxValue, 1e300, 1.10m, "ż \"q\" <&>\u2028", 0L, -90_000L, null, double.NaN, double.NegativeInfinity, 0L],
        Steps =
        [
            new StepEvents("probe", [new StreamEvent(0, Full), new StreamEvent(0, Bare)]),
            new StepEvents("żółć \"step\"", [new StreamEvent(0, Full)]),
        ],
    };

    private static Measure Measure(string name, ValueKind kind) => new(name, ExprFactory.Null(kind));

    private static string Line(Action<Utf8JsonWriter> write)
    {
        var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
