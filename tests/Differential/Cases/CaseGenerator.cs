using Cep.Conditions;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Differential.Cases;

/// <summary>Makes small patterns and streams in which much happens: few kinds of events, conditions that overlap, short windows.</summary>
internal sealed class CaseGenerator
{
    private const int StepsMax = 5;
    private const int GroupDepthMax = 2;

    private readonly SplitMix64 _random;
    /// <summary>The steps made so far that take events, which conditions can read.</summary>
    private readonly List<(string Name, EventType Stream)> _steps = [];

    /// <summary>How many steps have been made, absences and their steps too.</summary>
    private int _made;

    /// <summary>How likely a window of a step or of a loop is, in percent: few patterns have any, and some have many.</summary>
    private int _gapChance;

    /// <summary>Whether the steps being made are those of a group that must not come.</summary>
    private bool _isAbsent;

    private CaseGenerator(ulong seed) => _random = new SplitMix64(seed);

    /// <summary>The case of a seed; always one that <see cref="PatternRules"/> accepts.</summary>
    public static RandomCase Case(ulong seed)
    {
        var generator = new CaseGenerator(seed);
        Pattern pattern;
        do
            pattern = generator.Pattern();
        while (PatternRules.Check(pattern).Count > 0);
        return new RandomCase(pattern, generator.Events());
    }

    private List<TimedEvent> Events()
    {
        var events = new List<TimedEvent>();
        var timeMs = 0L;
        for (var count = _random.From(3, 10); count > 0; count--)
        {
            timeMs += _random.OneOf(0, 1, 1, 1, 2, 3);
            events.Add(new TimedEvent(Event(timeMs), timeMs));
        }
        return events;
    }

    private object Event(long timeMs)
    {
        var time = DateTime.UnixEpoch.AddMilliseconds(timeMs);
        var kind = _random.OneOf("a", "b", "c", "d");
        return _random.Chance(8)
            ? new Alarm { T = time, Kind = kind, Price = _random.From(1, 9) }
            : new Tick { T = time, Kind = kind, Price = _random.From(1, 9), Volume = _random.Chance(20) ? null : _random.From(1, 9) / 2.0 };
    }

    private Pattern Pattern()
    {
        _steps.Clear();
        _made = 0;
        _gapChance = _random.Chance(15) ? 45 : 4;
        var steps = Sequence(_random.From(1, 4), depth: 0);
        return new Pattern
        {
            Steps = steps,
            WithinMs = _random.Chance(60) ? _random.From(2, 10) : null,
            GapMs = _random.Chance(5) ? _random.From(1, 5) : null,
            Skip = _random.Chance(45) ? Skip(steps) : AfterMatchSkip.None,
        };
    }

    private AfterMatchSkip Skip(List<PatternStep> steps)
    {
        var names = steps.OfType<EventStep>().Where(s => !s.IsNegated).Select(s => s.Name).ToArray();
        var kind = _random.OneOf(SkipKind.ToNext, SkipKind.PastLast, SkipKind.PastLast, SkipKind.ToFirst, SkipKind.ToLast);
        var needsStep = kind is SkipKind.ToFirst or SkipKind.ToLast;
        return needsStep && names.Length == 0 ? AfterMatchSkip.PastLast : new AfterMatchSkip(kind, needsStep ? _random.OneOf(names) : null);
    }

    private List<PatternStep> Sequence(int length, int depth)
    {
        var steps = new List<PatternStep>();
        for (var i = 0; i < length && _made < StepsMax; i++)
        {
            var link = i == 0 && depth == 0 ? Contiguity.Relaxed : _random.OneOf(Contiguity.Relaxed, Contiguity.Relaxed, Contiguity.Strict, Contiguity.NonDeterministicRelaxed);
            if (depth < GroupDepthMax && _made < StepsMax - 1 && _random.Chance(16))
                steps.Add(Group(link, depth));
            else if (i > 0 && !_isAbsent && depth < GroupDepthMax && _made < StepsMax - 1 && _random.Chance(10))
                steps.Add(AbsentGroup(depth));
            else
                steps.Add(EventStep(link, mayBeNegated: i > 0));
        }
        return steps;
    }

    private GroupStep Group(Contiguity link, int depth)
    {
        var group = new GroupStep { Link = link, Quantifier = QuantifierOf(Tick.Type, isGroup: true), Steps = Sequence(_random.From(1, 3), depth + 1) };
        var orElse = new List<IReadOnlyList<PatternStep>>();
        while (_made < StepsMax && orElse.Count < 2 && _random.Chance(35))
            orElse.Add(Sequence(_random.From(1, 2), depth + 1));
        return group with { OrElse = orElse };
    }

    private GroupStep AbsentGroup(int depth)
    {
        _isAbsent = true;
        var group = Group(Contiguity.Relaxed, depth) with { Quantifier = Quantifier.One, IsNegated = true, GapMs = _random.Chance(2 * _gapChance) ? _random.From(1, 4) : null };
        _isAbsent = false;
        return group;
    }

    private EventStep EventStep(Contiguity link, bool mayBeNegated)
    {
        var name = "s" + _made;
        var stream = _random.Chance(6) ? Alarm.Type : Tick.Type;
        var isNegated = mayBeNegated && _random.Chance(18);
        if (isNegated && link == Contiguity.NonDeterministicRelaxed)
            link = Contiguity.Relaxed;
        if (!isNegated && !_isAbsent)
            _steps.Add((name, stream));
        if (isNegated)
            name = "n" + _made + _random.OneOf("x", "y", "z");
        else
            _made++;
        return new EventStep
        {
            Name = name,
            Link = link,
            Stream = stream,
            IsNegated = isNegated,
            Quantifier = isNegated ? Quantifier.One : QuantifierOf(stream, isGroup: false),
            Where = Condition(stream),
            GapMs = !_isAbsent && _random.Chance(_gapChance) ? _random.From(1, 4) : null,
        };
    }

    private Quantifier QuantifierOf(EventType stream, bool isGroup)
    {
        var form = _random.Below(100);
        var q = form switch
        {
            < 45 => Quantifier.One,
            < 58 => Quantifier.One with { IsOptional = true },
            < 74 => Quantifier.One with { Max = null },
            < 80 => Quantifier.One with { Max = null, Min = _random.Below(3) },
            < 88 => Quantifier.One with { Min = 2, Max = _random.From(2, 3) },
            _ => Quantifier.One with { Min = _random.Below(2), Max = _random.From(2, 3) },
        };
        if (!q.IsLoop)
            return q;
        return q with
        {
            IsOptional = _random.Chance(15),
            IsGreedy = !isGroup && _random.Chance(30),
            Inner = _random.OneOf(Contiguity.Relaxed, Contiguity.Relaxed, Contiguity.Strict, Contiguity.NonDeterministicRelaxed),
            Until = q.IsUnbounded && _random.Chance(20) ? Kinds(stream) : null,
            GapMs = !isGroup && !_isAbsent && _random.Chance(_gapChance) ? _random.From(1, 4) : null,
        };
    }

    private Expr? Condition(EventType stream)
    {
        if (_random.Chance(4))
            return null;
        var kinds = Kinds(stream);
        return _random.Chance(22) ? ExprFactory.And(kinds, Iterative(stream)) : kinds;
    }

    private Expr Kinds(EventType stream)
    {
        var kind = Field(stream, nameof(Tick.Kind));
        return _random.Below(5) switch
        {
            0 => ExprFactory.In(kind, [ExprFactory.Literal(_random.OneOf("a", "b")), ExprFactory.Literal(_random.OneOf("c", "d"))]),
            1 => ExprFactory.Binary(BinaryOperator.NotEqual, kind, ExprFactory.Literal(_random.OneOf("a", "b", "c"))),
            _ => ExprFactory.Binary(BinaryOperator.Equal, kind, ExprFactory.Literal(_random.OneOf("a", "a", "b", "b", "c"))),
        };
    }

    /// <summary>A condition on what has been taken by a step made so far, or by this one.</summary>
    private Expr Iterative(EventType stream)
    {
        var (step, its) = _steps.Count == 0 ? ("s" + (_made - 1), stream) : _random.OneOf(_steps.ToArray());
        var price = Field(stream, nameof(Tick.Price));
        return _random.Below(6) switch
        {
            0 => ExprFactory.Binary(BinaryOperator.Greater, price, ExprFactory.StepField(step, -1, its, FieldOf(its, nameof(Tick.Price)))),
            1 => ExprFactory.Binary(BinaryOperator.NotEqual, price, ExprFactory.StepField(step, 0, its, FieldOf(its, nameof(Tick.Price)))),
            2 => ExprFactory.Binary(BinaryOperator.Less, ExprFactory.Count(step), ExprFactory.Literal(_random.From(1, 3))),
            3 => ExprFactory.Binary(BinaryOperator.GreaterOrEqual, price,
                ExprFactory.Aggregate(_random.OneOf(AggregateKind.Avg, AggregateKind.Min, AggregateKind.Max), step, its, FieldOf(its, nameof(Tick.Price)))),
            4 => ExprFactory.Binary(BinaryOperator.Less,
                ExprFactory.Binary(BinaryOperator.Add, ExprFactory.Aggregate(AggregateKind.Sum, step, its, FieldOf(its, nameof(Tick.Price))), price),
                ExprFactory.Literal(_random.From(8, 20))),
            _ when stream == Tick.Type => ExprFactory.Binary(BinaryOperator.Greater, Field(stream, nameof(Tick.Volume)), ExprFactory.Literal(2.0)),
            _ => ExprFactory.Binary(BinaryOperator.Greater, price, ExprFactory.Literal(3L)),
        };
    }

    private static Expr Field(EventType type, string name) => ExprFactory.Field(type, FieldOf(type, name));

    private static EventField FieldOf(EventType type, string name) =>
        type.TryGetField(name, out var field) ? field : throw new ArgumentException($"{type} has no field {name}.", nameof(name));
}
