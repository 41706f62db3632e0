using Cep.Events;
using L = System.Linq.Expressions.Expression;

namespace Cep.Conditions;

/// <summary>
/// Which slots of <see cref="Registers"/> hold what a set of expressions reads of earlier events, and how taking an event changes them. Reading is
/// O(1) however many events a run has taken.
/// </summary>
/// <remarks>Immutable once built; the updates are compiled once.</remarks>
internal sealed class RegisterLayout
{
    private readonly Dictionary<(string Step, int Index), int> _events = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Step, AggregateKind Kind, EventField Field), AggregateSlots> _aggregates = [];
    private readonly Dictionary<string, Action<object, Registers>> _updates = new(StringComparer.Ordinal);
    private int _longs;
    private int _doubles;
    private int _decimals;
    private int _objects;

    /// <summary>Where all taken events are kept, for code that cannot be looked into; -1 where there is none.</summary>
    private int _log = -1;

    private RegisterLayout(Registers empty) => Empty = empty;

    /// <summary>Where an aggregate keeps what it needs: how many values it has seen, and its sums or extremes.</summary>
    internal readonly record struct AggregateSlots(int Count, int First, int Second);

    /// <summary>The registers of a run that has taken nothing.</summary>
    public Registers Empty { get; private set; }

    /// <summary>Lays out what the expressions read.</summary>
    public static RegisterLayout For(IEnumerable<Expr> expressions)
    {
        var layout = new RegisterLayout(null!);
        var reads = expressions.SelectMany(WithDescendants).ToList();
        foreach (var read in reads)
            layout.Place(read);
        layout.Empty = new Registers(layout._longs, layout._doubles, layout._decimals, layout._objects);
        foreach (var step in reads.Select(StepOf).OfType<string>().Distinct(StringComparer.Ordinal))
            layout._updates[step] = layout.CompileUpdate(step);
        return layout;
    }

    /// <summary>What a step's event does to the registers; null when nothing reads the step.</summary>
    public Action<object, Registers>? UpdateOf(string step) =>
        _updates.TryGetValue(step, out var update) ? update : _log < 0 ? null : CompileUpdate(step);

    /// <summary>The registers after a step has taken an event; the same ones when nothing reads the step.</summary>
    public static Registers Take(Action<object, Registers>? update, Registers registers, object taken)
    {
        if (update is null)
            return registers;
        var next = registers.Clone();
        update(taken, next);
        return next;
    }

    public int EventSlot(StepFieldExpr e) => _events[(e.Step, e.Index)];

    public int LogSlot => _log;

    public int CountSlot(string step) => _counts[step];

    public AggregateSlots Slots(StepAggregateExpr e) => _aggregates[(e.Step, e.Aggregate, e.Field!)];

    private static IEnumerable<Expr> WithDescendants(Expr e) => e.Children.SelectMany(WithDescendants).Prepend(e);

    private static string? StepOf(Expr e) => e switch
    {
        StepFieldExpr f => f.Step,
        StepAggregateExpr a => a.Step,
        _ => null,
    };

    private void Place(Expr e)
    {
        switch (e)
        {
            case StepFieldExpr { Index: >= 0 } f:
                PlaceCount(f.Step);
                PlaceEvent(f.Step, f.Index);
                break;
            case StepFieldExpr f:
                // The one before the last is needed to move it along.
                for (var i = -1; i >= f.Index; i--)
                    PlaceEvent(f.Step, i);
                break;
            case StepAggregateExpr { Aggregate: AggregateKind.Count } a:
                PlaceCount(a.Step);
                break;
            case OpaqueExpr { ReadsTaken: true } when _log < 0:
                _log = _objects++;
                break;
            case StepAggregateExpr a when !_aggregates.ContainsKey((a.Step, a.Aggregate, a.Field!)):
                _aggregates[(a.Step, a.Aggregate, a.Field!)] = PlaceAggregate(a);
                break;
        }
    }

    private void PlaceCount(string step)
    {
        if (!_counts.ContainsKey(step))
            _counts[step] = _longs++;
    }

    private void PlaceEvent(string step, int index)
    {
        if (!_events.ContainsKey((step, index)))
            _events[(step, index)] = _objects++;
    }

    private AggregateSlots PlaceAggregate(StepAggregateExpr a) => a.Aggregate switch
    {
        AggregateKind.Distinct => new(_longs++, _objects++, -1),
        AggregateKind.StdDev => new(_longs++, _doubles++, _doubles++),
        _ => AggregateUpdate.Cell(a.Aggregate, a.Field!.Kind) switch
        {
            ValueKind.Double => new(_longs++, _doubles++, -1),
            ValueKind.Decimal => new(_longs++, _decimals++, -1),
            _ => new(_longs++, _longs++, -1),
        },
    };

    private Action<object, Registers> CompileUpdate(string step)
    {
        var taken = L.Parameter(typeof(object), "taken");
        var registers = L.Parameter(typeof(Registers), "registers");
        var body = new List<L>();
        // First events are known by the count before this one, so they come before the count itself.
        foreach (var ((s, index), slot) in _events.Where(e => e.Key.Step == step && e.Key.Index >= 0))
            body.Add(L.IfThen(L.Equal(Slots(registers, nameof(Registers.Longs), _counts[step]), L.Constant((long)index)),
                L.Assign(Slots(registers, nameof(Registers.Objects), slot), taken)));
        foreach (var ((s, index), slot) in _events.Where(e => e.Key.Step == step && e.Key.Index < 0).OrderBy(e => e.Key.Index))
            body.Add(L.Assign(Slots(registers, nameof(Registers.Objects), slot),
                index == -1 ? taken : Slots(registers, nameof(Registers.Objects), _events[(step, index + 1)])));
        if (_counts.TryGetValue(step, out var count))
            body.Add(L.PreIncrementAssign(Slots(registers, nameof(Registers.Longs), count)));
        foreach (var ((s, kind, field), slots) in _aggregates.Where(a => a.Key.Step == step))
            body.Add(AggregateUpdate.Of(kind, field, slots, L.Convert(taken, field.Member.DeclaringType!), registers));
        if (_log >= 0)
        {
            var log = Slots(registers, nameof(Registers.Objects), _log);
            body.Add(L.Assign(log, L.Call(typeof(TakenLog), nameof(TakenLog.Add), null, log, L.Constant(step), taken)));
        }
        return L.Lambda<Action<object, Registers>>(L.Block(typeof(void), body), taken, registers).Compile();
    }

    internal static L Slots(L registers, string array, int slot) => L.ArrayAccess(L.Field(registers, array), L.Constant(slot));
}
