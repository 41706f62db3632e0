using System.Linq.Expressions;
using Cep.Conformance.Streaming;
using Cep.Engine.Connectors;
using Cep.Language;
using Cep.Language.Text;
using Cep.Rules;
using Cep.Streaming;
using Cep.Streaming.Matches;

namespace Cep.Conformance.Golden;

/// <summary>One rule over a golden stream, written as a user writes it and run by the keyed operator.</summary>
internal sealed class GoldenRule
{
    private const string Stream = """
        stream ev {
            key int
            type int // A to E are 0 to 4
            price double
            t timestamp
            watermark for t delay 0ms
        }


        """;

    /// <summary>More than any golden count needs: a match lost to the limit would be a wrong count.</summary>
    private const int PartialsMax = 100_000_000;

    private readonly RuleSet _rules;
    private readonly Func<GoldenEvent, object> _make;
    private readonly Func<object, long> _time;

    /// <param name="match">What stands behind <c>match</c>.</param>
    public GoldenRule(string match)
    {
        var compiled = RuleCompiler.Compile(new SourceText("golden.cep", $"{Stream}rule golden {{\n    from ev key key\n    match {match}\n    partials {PartialsMax} per key on overflow fail\n}}\n"));
        _rules = compiled.RuleSet ?? throw new ArgumentException(string.Join("\n", compiled.Diagnostics.Select(d => d.Render())), nameof(match));
        var clr = _rules.Streams[0].EventType.ClrType;
        _make = Maker(clr);
        var value = Expression.Parameter(typeof(object));
        _time = Expression.Lambda<Func<object, long>>(Expression.Field(Expression.Convert(value, clr), "t"), value).Compile();
    }

    /// <summary>How many matches there are, to the end of time.</summary>
    public long Count(IEnumerable<GoldenEvent> events) => Job(events).Run().Matches;

    /// <summary>How many matches are certain by a time.</summary>
    public long CountUntil(long timeMs, IEnumerable<GoldenEvent> events)
    {
        var sink = new CountingSink(timeMs);
        Job(events).WriteTo(sink).Run();
        return sink.Count;
    }

    private KeyedJob Job(IEnumerable<GoldenEvent> events) => new(_rules, events.Select(e => new StreamEvent(0, _make(e))), e => _time(e.Value));

    private static Func<GoldenEvent, object> Maker(Type clr)
    {
        var e = Expression.Parameter(typeof(GoldenEvent));
        MemberBinding Bind(string field, string from) => Expression.Bind(clr.GetField(field)!, Expression.Property(e, from));
        var make = Expression.MemberInit(Expression.New(clr),
            Bind("key", nameof(GoldenEvent.Key)), Bind("type", nameof(GoldenEvent.Type)),
            Bind("price", nameof(GoldenEvent.Price)), Bind("t", nameof(GoldenEvent.TimeMs)));
        return Expression.Lambda<Func<GoldenEvent, object>>(Expression.Convert(make, typeof(object)), e).Compile();
    }

    private sealed class CountingSink(long untilMs) : Sink<Match>("count")
    {
        public long Count { get; private set; }

        public override void Write(in Match value) => Count += value.DetectedMs <= untilMs ? 1 : 0;
    }
}
