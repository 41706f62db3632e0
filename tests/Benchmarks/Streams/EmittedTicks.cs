using System.Linq.Expressions;
using Cep.Events;
using L = System.Linq.Expressions.Expression;

namespace Cep.Benchmarks.Streams;

/// <summary>The same events as objects of a class emitted at run time, which is what a <c>stream</c> of a rule file becomes.</summary>
internal sealed class EmittedTicks
{
    private readonly Func<Tick, object> _copy;

    public EmittedTicks()
    {
        Type = new EventTypeBuilder("ticks")
            .Field("key", FieldType.Int).Field("type", FieldType.String).Field("price", FieldType.Double).Field("timeMs", FieldType.Long)
            .Build();
        var tick = L.Parameter(typeof(Tick), "tick");
        var bindings = Type.ClrType.GetFields().Select(f => (MemberBinding)L.Bind(f, L.Property(tick, char.ToUpperInvariant(f.Name[0]) + f.Name[1..])));
        _copy = L.Lambda<Func<Tick, object>>(L.MemberInit(L.New(Type.ClrType), bindings), tick).Compile();
    }

    public EventType Type { get; }

    public object[] Copy(Tick[] ticks) => Array.ConvertAll(ticks, t => _copy(t));
}
