using Cep.Events;

namespace Cep.Conditions;

/// <summary>
/// A typed expression over the event being tested (the candidate), the events taken so far, and constants. Rule text, the fluent API and
/// JSON all build this one form; a compiler in this folder turns it into delegates.
/// </summary>
/// <remarks>
/// Immutable. Null means unknown and spreads through every operation but <c>and</c>, <c>or</c>, <c>is null</c>, <c>coalesce</c> and
/// <c>if</c>. Built by <see cref="ExprFactory"/>.
/// </remarks>
public abstract class Expr
{
    private protected Expr(ValueKind kind) => Kind = kind;

    /// <summary>The type of the value.</summary>
    public ValueKind Kind { get; }

    /// <summary>The expressions this one is made of, from left to right.</summary>
    public abstract IReadOnlyList<Expr> Children { get; }

    /// <summary>Whether the value depends on the candidate alone, not on events taken before.</summary>
    public bool IsLocal => this is not (StepFieldExpr or StepAggregateExpr or OpaqueExpr { ReadsTaken: true }) && Children.All(c => c.IsLocal);

    /// <summary>Whether a part of it is code of a program, which rule text and JSON have no form for.</summary>
    public bool HasCode => this is OpaqueExpr || Children.Any(c => c.HasCode);

    /// <summary>The names of the steps whose events it reads, as often as it reads them; of code those that are known.</summary>
    internal IEnumerable<string> StepsRead => this switch
    {
        StepFieldExpr f => [f.Step],
        StepAggregateExpr a => [a.Step],
        OpaqueExpr o => o.Steps,
        _ => Children.SelectMany(c => c.StepsRead),
    };

    /// <summary>The lists that it names, as often as it names them.</summary>
    internal IEnumerable<ValueList> Lists => this is InListExpr i ? i.Operand.Lists.Append(i.List) : Children.SelectMany(c => c.Lists);

    /// <summary>The fields it reads, of the candidate and of events taken before, as often as it reads them; not those that code reads.</summary>
    internal IEnumerable<(EventType Type, EventField Field)> FieldsRead => this switch
    {
        FieldExpr f => [(f.EventType, f.Field)],
        StepFieldExpr f => [(f.EventType, f.Field)],
        StepAggregateExpr { EventType: { } type, Field: { } of } => [(type, of)],
        _ => Children.SelectMany(c => c.FieldsRead),
    };

    /// <summary>The expression in rule text.</summary>
    public sealed override string ToString() => ExprText.Of(this);
}

/// <summary>A constant, or null of a given kind.</summary>
public sealed class LiteralExpr : Expr
{
    internal LiteralExpr(object? value, ValueKind kind) : base(kind) => Value = value;

    /// <summary>The value in the CLR type of its kind, or null.</summary>
    public object? Value { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [];
}

/// <summary>A field of the candidate.</summary>
public sealed class FieldExpr : Expr
{
    internal FieldExpr(EventType type, EventField field) : base(field.Kind) => (EventType, Field) = (type, field);

    /// <summary>The type of the candidate.</summary>
    public EventType EventType { get; }

    /// <summary>The field read.</summary>
    public EventField Field { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [];
}

/// <summary>A field of one event that a step has taken; null while there is no such event.</summary>
public sealed class StepFieldExpr : Expr
{
    internal StepFieldExpr(string step, int index, EventType type, EventField field) : base(field.Kind) =>
        (Step, Index, EventType, Field) = (step, index, type, field);

    /// <summary>The step's name.</summary>
    public string Step { get; }

    /// <summary>Which of the step's events: 0 the first, 1 the second; -1 the last, -2 the one before it.</summary>
    public int Index { get; }

    /// <summary>The type of the step's events.</summary>
    public EventType EventType { get; }

    /// <summary>The field read.</summary>
    public EventField Field { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [];
}

/// <summary>What an aggregate makes of a step's events.</summary>
public enum AggregateKind
{
    /// <summary>How many events the step has taken; 0 for none.</summary>
    Count,

    /// <summary>The sum of a field's values; 0 for none.</summary>
    Sum,

    /// <summary>The mean of a field's values: a decimal for decimals, a duration for durations, else a double.</summary>
    Avg,

    /// <summary>The least value.</summary>
    Min,

    /// <summary>The greatest value.</summary>
    Max,

    /// <summary>The sample standard deviation (n - 1); null below two values.</summary>
    StdDev,

    /// <summary>How many different values there are; 0 for none.</summary>
    Distinct,
}

/// <summary>An aggregate over the events that a step has taken; null values of the field are left out.</summary>
public sealed class StepAggregateExpr : Expr
{
    internal StepAggregateExpr(AggregateKind aggregate, string step, EventType? type, EventField? field, ValueKind kind) : base(kind) =>
        (Aggregate, Step, EventType, Field) = (aggregate, step, type, field);

    /// <summary>The aggregate.</summary>
    public AggregateKind Aggregate { get; }

    /// <summary>The step's name.</summary>
    public string Step { get; }

    /// <summary>The type of the step's events; null for <see cref="AggregateKind.Count"/>.</summary>
    public EventType? EventType { get; }

    /// <summary>The field; null for <see cref="AggregateKind.Count"/>.</summary>
    public EventField? Field { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [];
}

/// <summary>Negation of a condition, or of a number.</summary>
public sealed class UnaryExpr : Expr
{
    internal UnaryExpr(UnaryOperator op, Expr operand) : base(operand.Kind) => (Operator, Operand) = (op, operand);

    /// <summary>The operator.</summary>
    public UnaryOperator Operator { get; }

    /// <summary>What it applies to.</summary>
    public Expr Operand { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [Operand];
}

/// <summary>Two operands and an operator between them.</summary>
public sealed class BinaryExpr : Expr
{
    internal BinaryExpr(BinaryOperator op, Expr left, Expr right, ValueKind kind) : base(kind) => (Operator, Left, Right) = (op, left, right);

    /// <summary>The operator.</summary>
    public BinaryOperator Operator { get; }

    /// <summary>The left operand.</summary>
    public Expr Left { get; }

    /// <summary>The right operand.</summary>
    public Expr Right { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [Left, Right];
}

/// <summary><c>is null</c>: never unknown.</summary>
public sealed class IsNullExpr : Expr
{
    internal IsNullExpr(Expr operand) : base(ValueKind.Bool) => Operand = operand;

    /// <summary>What is looked at.</summary>
    public Expr Operand { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [Operand];
}

/// <summary><c>x in (a, b, …)</c>: true when one item equals <c>x</c>.</summary>
public sealed class InExpr : Expr
{
    internal InExpr(Expr operand, IReadOnlyList<Expr> items) : base(ValueKind.Bool) => (Operand, Items) = (operand, items);

    /// <summary>What is looked for.</summary>
    public Expr Operand { get; }

    /// <summary>Where it is looked for; at least one.</summary>
    public IReadOnlyList<Expr> Items { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [Operand, .. Items];
}

/// <summary><c>x in @list</c>: true when the list holds <c>x</c>; of a list of blocks of addresses, unknown where the text is no address.</summary>
public sealed class InListExpr : Expr
{
    internal InListExpr(Expr operand, ValueList list) : base(ValueKind.Bool) => (Operand, List) = (operand, list);

    /// <summary>What is looked for.</summary>
    public Expr Operand { get; }

    /// <summary>Where it is looked for.</summary>
    public ValueList List { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [Operand];
}

/// <summary><c>if C then A else B</c>; an unknown condition gives B.</summary>
public sealed class ConditionalExpr : Expr
{
    internal ConditionalExpr(Expr condition, Expr then, Expr otherwise) : base(then.Kind) => (Condition, Then, Else) = (condition, then, otherwise);

    /// <summary>The condition.</summary>
    public Expr Condition { get; }

    /// <summary>The value where it holds.</summary>
    public Expr Then { get; }

    /// <summary>The value where it does not.</summary>
    public Expr Else { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [Condition, Then, Else];
}

/// <summary>A call of a built-in function.</summary>
public sealed class CallExpr : Expr
{
    internal CallExpr(Function function, IReadOnlyList<Expr> arguments, ValueKind kind) : base(kind) => (Function, Arguments) = (function, arguments);

    /// <summary>The function.</summary>
    public Function Function { get; }

    /// <summary>Its arguments, already of the kinds the function takes.</summary>
    public IReadOnlyList<Expr> Arguments { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => Arguments;
}

/// <summary>A number in a wider kind: an integer as double or decimal, a decimal as double.</summary>
public sealed class ConvertExpr : Expr
{
    internal ConvertExpr(Expr operand, ValueKind kind) : base(kind) => Operand = operand;

    /// <summary>The number.</summary>
    public Expr Operand { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [Operand];
}

/// <summary>A fact about the match as a whole, or about the moment.</summary>
public enum MatchFact
{
    /// <summary>Event time of the candidate; in a measure, of the last event or the deadline that completed the match.</summary>
    Now,

    /// <summary>Event time of the first event.</summary>
    Start,

    /// <summary>Event time of the last event; of an absence, its deadline.</summary>
    End,

    /// <summary><see cref="End"/> - <see cref="Start"/>.</summary>
    Duration,

    /// <summary>When the window of the match ends: first event + within.</summary>
    Deadline,

    /// <summary>The key as text; the fields of a key of several, joined by commas.</summary>
    Key,
}

/// <summary>A <see cref="MatchFact"/>; only <see cref="MatchFact.Now"/> may stand in a condition.</summary>
public sealed class MatchFactExpr : Expr
{
    internal MatchFactExpr(MatchFact fact, ValueKind kind) : base(kind) => Fact = fact;

    /// <summary>The fact.</summary>
    public MatchFact Fact { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [];
}

/// <summary>A condition in code that cannot be looked into: a part of a lambda that no other expression can say. Rule text cannot carry it.</summary>
/// <remarks>Never null. What it throws ends the evaluation, but for an overflow and a division by zero, which count as with other conditions.</remarks>
public sealed class OpaqueExpr : Expr
{
    internal OpaqueExpr(Func<object, TakenLog?, bool> code, bool readsTaken, IReadOnlyList<string> steps) : base(ValueKind.Bool) =>
        (Code, ReadsTaken, Steps) = (code, readsTaken, steps);

    /// <summary>Whether it reads events taken before, not the candidate alone.</summary>
    public bool ReadsTaken { get; }

    /// <summary>The names of the steps it is known to read; it may read others, under names that it computes.</summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>Decides, given the candidate and what the run has taken; false for a candidate of another type than the lambda's.</summary>
    internal Func<object, TakenLog?, bool> Code { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Children => [];
}
