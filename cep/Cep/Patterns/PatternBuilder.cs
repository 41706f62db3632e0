using System.Linq.Expressions;
using Cep.Conditions;
using Cep.Events;

namespace Cep.Patterns;

/// <summary>Builds a <see cref="Pattern"/> over events of a class, step by step, in Flink CEP's words. Begun by <see cref="Pattern.Begin{T}(string)"/>.</summary>
/// <typeparam name="T">The class of the events; steps may take subclasses (<see cref="OfType{TSub}()"/>).</typeparam>
/// <remarks>
/// Immutable: every method gives a new builder, so that a beginning can be shared. Conditions, counts and the like belong to the step begun last.
/// <para>
/// A condition is a lambda, of the candidate or of the candidate and the events taken so far. What it says of fields, constants and taken events
/// becomes an expression, which costs the same however long a partial match is, and is asked once an event where it reads the candidate alone; any
/// other part runs as code. Captured variables and their members are read once, when the condition is given, or each time where they are read by
/// code: they should not change. Whole numbers are 64-bit and checked, text is compared by ordinal value, times to the millisecond. A condition that
/// meets a missing event, overflows or divides by zero does not hold; anything else that code throws reaches the one who offers the event.
/// </para>
/// </remarks>
public sealed class PatternBuilder<T> where T : class
{
    private static readonly EventType Events = EventType.Of<T>();

    private readonly Pattern _draft;
    private readonly bool _hasCount;

    private PatternBuilder(Pattern draft, bool hasCount = false) => (_draft, _hasCount) = (draft, hasCount);

    private PatternStep Last => _draft.Steps[^1];

    internal static PatternBuilder<T> First(string name) => new(new Pattern { Steps = [NewStep(name, Contiguity.Relaxed, isNegated: false)] });

    internal static PatternBuilder<T> First(PatternBuilder<T> group) => new(new Pattern { Steps = [NewGroup(group, Contiguity.Relaxed)] });

    internal static PatternBuilder<T> FirstOf(IEnumerable<PatternBuilder<T>> alternatives)
    {
        var all = alternatives.SelectMany(a => NewGroup(a, Contiguity.Relaxed).Alternatives).ToArray();
        return new(new Pattern { Steps = [new GroupStep { Steps = all[0], OrElse = all[1..] }] });
    }

    // ---- steps

    /// <summary>Goes on with a step that takes the very next event, or the match fails. <c>=></c> in rule text.</summary>
    /// <param name="name">The step's name, unique in the pattern.</param>
    public PatternBuilder<T> Next(string name) => Then(NewStep(name, Contiguity.Strict, isNegated: false));

    /// <summary>Goes on with a group whose first step takes the very next event.</summary>
    /// <exception cref="ArgumentException">The group has a window or a skip strategy; those are the whole pattern's.</exception>
    public PatternBuilder<T> Next(PatternBuilder<T> group) => Then(NewGroup(group, Contiguity.Strict));

    /// <summary>Goes on with a step that takes the first event that fits; others are skipped. <c>-></c> in rule text.</summary>
    /// <param name="name">The step's name, unique in the pattern.</param>
    public PatternBuilder<T> FollowedBy(string name) => Then(NewStep(name, Contiguity.Relaxed, isNegated: false));

    /// <summary>Goes on with a group whose first step takes the first event that fits.</summary>
    /// <exception cref="ArgumentException">The group has a window or a skip strategy; those are the whole pattern's.</exception>
    public PatternBuilder<T> FollowedBy(PatternBuilder<T> group) => Then(NewGroup(group, Contiguity.Relaxed));

    /// <summary>Goes on with a step that takes any event that fits, each for a match of its own. <c>->></c> in rule text.</summary>
    /// <param name="name">The step's name, unique in the pattern.</param>
    public PatternBuilder<T> FollowedByAny(string name) => Then(NewStep(name, Contiguity.NonDeterministicRelaxed, isNegated: false));

    /// <summary>Goes on with a group whose first step takes any event that fits.</summary>
    /// <exception cref="ArgumentException">The group has a window or a skip strategy; those are the whole pattern's.</exception>
    public PatternBuilder<T> FollowedByAny(PatternBuilder<T> group) => Then(NewGroup(group, Contiguity.NonDeterministicRelaxed));

    /// <summary>The very next event must not fit.</summary>
    /// <param name="name">The name of what must not come, unique in the pattern.</param>
    public PatternBuilder<T> NotNext(string name) => Then(NewStep(name, Contiguity.Strict, isNegated: true));

    /// <summary>
    /// No event that fits may come before the next step; as the last step, before the window ends (<see cref="Within"/>, <see cref="WithinGap"/> or <see cref="In"/>).
    /// </summary>
    /// <param name="name">The name of what must not come, unique in the pattern.</param>
    public PatternBuilder<T> NotFollowedBy(string name) => Then(NewStep(name, Contiguity.Relaxed, isNegated: true));

    /// <summary>
    /// The events of a group, one after the other, may not all come before the next step; as the last step, before the window ends. See
    /// <see cref="PatternRules"/> for where a group can be negated.
    /// </summary>
    /// <exception cref="ArgumentException">The group has a window or a skip strategy; those are the whole pattern's.</exception>
    public PatternBuilder<T> NotFollowedBy(PatternBuilder<T> group) => Then(NewGroup(group, Contiguity.Relaxed) with { IsNegated = true });

    // ---- conditions

    /// <summary>Takes only events that satisfy a condition, besides those given before.</summary>
    /// <exception cref="InvalidOperationException">On a group.</exception>
    public PatternBuilder<T> Where(Expression<Func<T, bool>> condition) => And(LambdaTranslator.Translate(condition));

    /// <summary>Takes only events that satisfy a condition on them and the events taken before, besides the conditions given before.</summary>
    /// <remarks>A step is known when the pattern is built: <see cref="Build"/> refuses the name of a step that is not there.</remarks>
    /// <exception cref="InvalidOperationException">On a group.</exception>
    public PatternBuilder<T> Where(Expression<Func<T, TakenEvents<T>, bool>> condition) => And(LambdaTranslator.Translate(condition));

    /// <summary>Takes events that satisfy this condition too, beside those that satisfy all given before.</summary>
    /// <exception cref="InvalidOperationException">On a group, or on a step without a condition: that takes all events already.</exception>
    public PatternBuilder<T> Or(Expression<Func<T, bool>> condition) => Or(LambdaTranslator.Translate(condition));

    /// <summary>Takes events that satisfy this condition on them and the events taken before too, beside those that satisfy all given before.</summary>
    /// <exception cref="InvalidOperationException">On a group, or on a step without a condition: that takes all events already.</exception>
    public PatternBuilder<T> Or(Expression<Func<T, TakenEvents<T>, bool>> condition) => Or(LambdaTranslator.Translate(condition));

    /// <summary>Takes only events of a subclass. In conditions and matches they are read by <c>EventsOf&lt;TSub&gt;(name)</c>.</summary>
    /// <exception cref="InvalidOperationException">On a group.</exception>
    public PatternBuilder<T> OfType<TSub>() where TSub : class, T => With(Step("A type") with { Stream = EventType.Of<TSub>() });

    /// <summary>Takes only events of a subclass that satisfy a condition, besides those given before.</summary>
    /// <exception cref="InvalidOperationException">On a group.</exception>
    public PatternBuilder<T> OfType<TSub>(Expression<Func<TSub, bool>> condition) where TSub : class, T =>
        OfType<TSub>().And(LambdaTranslator.Translate(condition));

    /// <summary>Takes only events of a subclass that satisfy a condition on them and the events taken before, besides those given before.</summary>
    /// <exception cref="InvalidOperationException">On a group.</exception>
    public PatternBuilder<T> OfType<TSub>(Expression<Func<TSub, TakenEvents<T>, bool>> condition) where TSub : class, T =>
        OfType<TSub>().And(LambdaTranslator.Translate(condition));

    // ---- counts

    /// <summary>Repeats the step exactly so many times.</summary>
    /// <param name="count">At least 1.</param>
    /// <param name="window">The longest time from one round to the next, exclusive; null for no bound.</param>
    /// <exception cref="InvalidOperationException">The step has a count already.</exception>
    public PatternBuilder<T> Times(int count, TimeSpan? window = null) => Count(count, count, window);

    /// <summary>Repeats the step from so many to so many times.</summary>
    /// <param name="from">At least 0; 0 is the same as 1 and <see cref="Optional"/>.</param>
    /// <param name="to">At least 1, and not below <paramref name="from"/>.</param>
    /// <param name="window">The longest time from one round to the next, exclusive; null for no bound.</param>
    /// <exception cref="InvalidOperationException">The step has a count already.</exception>
    public PatternBuilder<T> Times(int from, int to, TimeSpan? window = null) => Count(from, to, window);

    /// <summary>Repeats the step so many times or more.</summary>
    /// <param name="count">At least 0; 0 is the same as 1 and <see cref="Optional"/>.</param>
    /// <param name="window">The longest time from one round to the next, exclusive; null for no bound.</param>
    /// <exception cref="InvalidOperationException">The step has a count already.</exception>
    public PatternBuilder<T> TimesOrMore(int count, TimeSpan? window = null) => Count(count, null, window);

    /// <summary>Repeats the step once or more.</summary>
    /// <param name="window">The longest time from one round to the next, exclusive; null for no bound.</param>
    /// <exception cref="InvalidOperationException">The step has a count already.</exception>
    public PatternBuilder<T> OneOrMore(TimeSpan? window = null) => Count(1, null, window);

    /// <summary>Lets the step, or the whole loop, be left out.</summary>
    public PatternBuilder<T> Optional() => With(Last.Quantifier with { IsOptional = true });

    /// <summary>Withholds an event that the loop can take from the step after it.</summary>
    public PatternBuilder<T> Greedy() => With(Last.Quantifier with { IsGreedy = true });

    /// <summary>Lets nothing lie between two rounds of the loop.</summary>
    public PatternBuilder<T> Consecutive() => With(Last.Quantifier with { Inner = Contiguity.Strict });

    /// <summary>Lets events that fit be skipped between two rounds of the loop, for all combinations of rounds.</summary>
    public PatternBuilder<T> AllowCombinations() => With(Last.Quantifier with { Inner = Contiguity.NonDeterministicRelaxed });

    /// <summary>Ends an unbounded loop, or group, at an event that satisfies a condition: it is not taken, nor any later one.</summary>
    public PatternBuilder<T> Until(Expression<Func<T, bool>> condition) => With(Last.Quantifier with { Until = LambdaTranslator.Translate(condition) });

    /// <summary>Ends an unbounded loop, or group, at an event that satisfies a condition on it and the events taken before.</summary>
    public PatternBuilder<T> Until(Expression<Func<T, TakenEvents<T>, bool>> condition) => With(Last.Quantifier with { Until = LambdaTranslator.Translate(condition) });

    // ---- time, and what follows a match

    /// <summary>Bounds the time from the event taken before to this step's; on a final <see cref="NotFollowedBy(string)"/>, the wait. <c>in</c> in rule text.</summary>
    /// <param name="span">Whole milliseconds, exclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is a part below a millisecond.</exception>
    /// <exception cref="InvalidOperationException">On a group that is not negated.</exception>
    public PatternBuilder<T> In(TimeSpan span) => With((Last.IsNegated ? Last : Step("A window of its own")) with { GapMs = Ms(span) });

    /// <summary>Bounds the time from the first event of a match to its last. Of several bounds the shortest counts.</summary>
    /// <param name="span">Whole milliseconds, exclusive: events exactly so far apart do not match.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is a part below a millisecond.</exception>
    public PatternBuilder<T> Within(TimeSpan span) => new(_draft with { WithinMs = Math.Min(_draft.WithinMs ?? long.MaxValue, Ms(span)) }, _hasCount);

    /// <summary>Bounds the time from each event of a match to the next, but where a step or loop has a window of its own. Of several bounds the shortest counts.</summary>
    /// <param name="span">Whole milliseconds, exclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is a part below a millisecond.</exception>
    public PatternBuilder<T> WithinGap(TimeSpan span) => new(_draft with { GapMs = Math.Min(_draft.GapMs ?? long.MaxValue, Ms(span)) }, _hasCount);

    /// <summary>Says which partial matches a match drops, such as <see cref="AfterMatchSkip.PastLast"/>; <see cref="AfterMatchSkip.None"/> unless said.</summary>
    /// <remarks>But with <see cref="AfterMatchSkip.None"/> a match is held back while a partial match that began earlier lives.</remarks>
    public PatternBuilder<T> Skip(AfterMatchSkip skip) => new(_draft with { Skip = skip }, _hasCount);

    /// <summary>The pattern.</summary>
    /// <exception cref="ArgumentException"><see cref="PatternRules.Check"/> finds something wrong, or a condition reads a step that is not there; the message says what.</exception>
    public Pattern Build()
    {
        var problems = PatternRules.Check(_draft).Select(p => p.Reason).Concat(MissingSteps());
        var message = string.Join(' ', problems);
        return message.Length == 0 ? _draft : throw new ArgumentException(message);
    }

    // ---- making of steps

    private static EventStep NewStep(string name, Contiguity link, bool isNegated) => new() { Name = name, Stream = Events, Link = link, IsNegated = isNegated };

    private static GroupStep NewGroup(PatternBuilder<T> group, Contiguity link)
    {
        var draft = group._draft;
        if (draft.WithinMs is not null || draft.GapMs is not null || draft.Skip.Kind != SkipKind.None)
            throw new ArgumentException("A group has no window and no skip strategy of its own: give them to the whole pattern.", nameof(group));
        // What can be one of several is a group already.
        return draft.Steps is [GroupStep { OrElse.Count: > 0 } either] && either.Quantifier == Quantifier.One
            ? either with { Link = link }
            : new GroupStep { Steps = draft.Steps, Link = link };
    }

    private PatternBuilder<T> Then(PatternStep step) => new(_draft with { Steps = [.. _draft.Steps, step] });

    private PatternBuilder<T> With(PatternStep last, bool? hasCount = null) => new(_draft with { Steps = [.. _draft.Steps.SkipLast(1), last] }, hasCount ?? _hasCount);

    private PatternBuilder<T> With(Quantifier quantifier, bool? hasCount = null) => With(Last with { Quantifier = quantifier }, hasCount);

    private EventStep Step(string what) => Last as EventStep ?? throw new InvalidOperationException($"{what} belongs to a step, not to a group.");

    private PatternBuilder<T> And(Expr condition)
    {
        var step = Step("A condition");
        return With(step with { Where = ExprFactory.And(step.Where, condition) });
    }

    private PatternBuilder<T> Or(Expr condition)
    {
        var step = Step("A condition");
        return step.Where is { } where
            ? With(step with { Where = ExprFactory.Binary(BinaryOperator.Or, where, condition) })
            : throw new InvalidOperationException($"`{step.Name}` has no condition yet, so there is nothing to add another to: call Where first.");
    }

    private PatternBuilder<T> Count(int min, int? max, TimeSpan? window)
    {
        if (_hasCount)
            throw new InvalidOperationException($"{(Last is EventStep s ? $"`{s.Name}`" : "The group")} has a count already.");
        return With(Last.Quantifier with { Min = min, Max = max, GapMs = window is { } span ? Ms(span) : null }, hasCount: true);
    }

    private static long Ms(TimeSpan span) => span.Ticks % TimeSpan.TicksPerMillisecond == 0
        ? span.Ticks / TimeSpan.TicksPerMillisecond
        : throw new ArgumentOutOfRangeException(nameof(span), span, "A window is a whole number of milliseconds.");

    private IEnumerable<string> MissingSteps()
    {
        var names = _draft.EventSteps.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        var read = _draft.Conditions.SelectMany(c => c.StepsRead).Distinct(StringComparer.Ordinal);
        return read.Where(name => !names.Contains(name)).Select(name => $"A condition reads the events of `{name}`, which is no step of the pattern.");
    }
}
