using Cep.Conditions;

namespace Cep.Patterns;

/// <summary>What is wrong with a pattern, and where.</summary>
/// <param name="Step">The step's name, or null when the pattern as a whole is meant.</param>
/// <param name="Reason">A whole sentence.</param>
public sealed record PatternProblem(string? Step, string Reason);

/// <summary>The rules a pattern must keep: those of Flink CEP.</summary>
/// <remarks>A repeated group whose rounds can take nothing is allowed: a round that takes nothing is no round, see <see cref="HasEmptyRounds"/>.</remarks>
public static class PatternRules
{
    /// <summary>
    /// The most states that a pattern may need: one for each round of a step, those of groups multiplied. A group of n alternatives needs n more for each
    /// alternative that may come next, and a negated group of n steps 2 to the power of n.
    /// </summary>
    public const int RoundsMax = 10_000;

    /// <summary>The most conditions, those of <c>until</c> counted, that a pattern may have.</summary>
    public const int ConditionsMax = 64;

    /// <summary>The most steps, those of loops multiplied, that a negated group may spell out.</summary>
    public const int NegatedRoundsMax = 8;

    /// <summary>Lists every problem; empty for a pattern that compiles.</summary>
    public static IReadOnlyList<PatternProblem> Check(Pattern pattern)
    {
        var problems = new List<PatternProblem>();
        CheckNames(pattern, problems);
        CheckSequence(pattern.Steps, problems, isWholePattern: true);
        CheckSize(pattern, problems);
        CheckTime(pattern, problems);
        CheckSkip(pattern, problems);
        CheckReads(pattern, problems);
        return problems;
    }

    /// <summary>Whether the pattern, or a part of it, can be completed without an event.</summary>
    public static bool CanMatchEmpty(IReadOnlyList<PatternStep> steps) => steps.All(s => s switch
    {
        { Quantifier.CanBeSkipped: true } => true,
        { IsNegated: true } => true,
        GroupStep g => g.Alternatives.Any(CanMatchEmpty),
        _ => false,
    });

    /// <summary>Whether a group repeats without bound although its steps can match nothing: legal, but seldom what was meant.</summary>
    public static bool HasEmptyRounds(GroupStep group) => group.Quantifier.IsUnbounded && group.Alternatives.Any(CanMatchEmpty);

    private static void CheckNames(Pattern pattern, List<PatternProblem> problems)
    {
        foreach (var twice in pattern.EventSteps.GroupBy(s => s.Name).Where(g => g.Count() > 1))
            problems.Add(new(twice.Key, PatternReasons.NameTwice(twice.Key)));
        foreach (var step in pattern.EventSteps.Where(s => s.Name.Length == 0))
            problems.Add(new(step.Name, "A step needs a name."));
    }

    private static void CheckSize(Pattern pattern, List<PatternProblem> problems)
    {
        if (States(pattern.Steps) > RoundsMax)
            problems.Add(new(null, PatternReasons.TooManyStates));
        if (Conditions(pattern.Steps) is > ConditionsMax and var conditions)
            problems.Add(new(null, PatternReasons.TooManyConditions(conditions)));
    }

    /// <summary>About how many states the automaton has: one a round, and what alternatives and absent groups multiply.</summary>
    private static double States(IReadOnlyList<PatternStep> steps) => steps.Select((s, i) =>
        Math.Max(1.0, Math.Max(s.Quantifier.Min, s.Quantifier.Max ?? 0)) * s switch
        {
            // The state after it stands once for each set of the group's steps that may have come.
            GroupStep { IsNegated: true } g => Math.Pow(2, Rounds(g.AllSteps)) * Heads(steps.ElementAtOrDefault(i + 1)),
            // Each alternative has the state after it to itself: the next step, or the next round.
            GroupStep { OrElse.Count: > 0 } g => g.Alternatives.Sum(States) + (1.0 + g.OrElse.Count) * Math.Max(Heads(g), Heads(steps.ElementAtOrDefault(i + 1))),
            GroupStep g => States(g.Steps),
            _ => 1,
        }).Sum();

    /// <summary>In how many places at once a step is waited for.</summary>
    private static double Heads(PatternStep? step) => step is GroupStep { IsNegated: false } g ? g.Alternatives.Sum(a => Heads(a.FirstOrDefault())) : 1;

    private static double Rounds(IEnumerable<PatternStep> steps) => steps.Sum(s =>
        Math.Max(1.0, Math.Max(s.Quantifier.Min, s.Quantifier.Max ?? 0)) * (s is GroupStep g ? Rounds(g.AllSteps) : 1));

    private static int Conditions(IEnumerable<PatternStep> steps) => steps.Sum(s =>
        (s.Quantifier.Until is null ? 0 : 1) + (s is GroupStep g ? Conditions(g.AllSteps) : 1));

    private static void CheckSequence(IReadOnlyList<PatternStep> steps, List<PatternProblem> problems, bool isWholePattern)
    {
        if (steps.Count == 0)
        {
            problems.Add(new(null, isWholePattern ? "A pattern needs at least one step." : "A group needs at least one step."));
            return;
        }
        for (var i = 0; i < steps.Count; i++)
        {
            CheckQuantifier(steps[i], problems);
            if (steps[i].IsNegated)
                CheckNegated(steps[i], i == 0 ? null : steps[i - 1], problems, isLastOfGroup: !isWholePattern && i == steps.Count - 1);
            if (steps[i] is GroupStep group)
                CheckGroup(group, problems);
            if (steps[i] is GroupStep { IsNegated: true } absent)
                CheckNegatedGroup(absent, steps.Take(i).ToArray(), steps.Skip(i + 1).ToArray(), problems);
        }
    }

    private static void CheckNegated(PatternStep step, PatternStep? before, List<PatternProblem> problems, bool isLastOfGroup)
    {
        var (name, it) = (NameOf(step), Absence(step));
        if (before is null)
            problems.Add(new(name, PatternReasons.NegatedFirst(it)));
        else if (CanBeLeftOut(before))
            problems.Add(new(name, PatternReasons.NegatedAfterOptional(it)));
        if (before is not null && step.Link == Contiguity.NonDeterministicRelaxed)
            problems.Add(new(name, PatternReasons.NegatedByAny(it)));
        if (step.Quantifier != Quantifier.One)
            problems.Add(new(name, PatternReasons.NegatedCounted(it)));
        if (isLastOfGroup && before is not null && step.Link == Contiguity.Relaxed)
            problems.Add(new(name, PatternReasons.NegatedEndsGroup(it)));
    }

    /// <summary>
    /// A group that must not come is looked for from the event taken before it to the one taken after it, so both must be certain; and nothing is remembered
    /// of its events.
    /// </summary>
    private static void CheckNegatedGroup(GroupStep group, PatternStep[] before, PatternStep[] after, List<PatternProblem> problems)
    {
        var (name, it) = (NameOf(group), Absence(group));
        if (group.Link == Contiguity.Strict)
            problems.Add(new(name, PatternReasons.NegatedGroupByNext(it)));
        if (CanMatchEmpty([group with { IsNegated = false }]))
            problems.Add(new(name, PatternReasons.NegatedGroupEmpty(it)));
        if (before.LastOrDefault(s => !s.IsNegated) is { } last && !CanBeLeftOut(last) && !EndsCertainly(last))
            problems.Add(new(name, PatternReasons.NegatedGroupAfter(it)));
        if (after.FirstOrDefault(s => s is not { IsNegated: true, Link: Contiguity.Relaxed }) is { } next && !BeginsCertainly(next))
            problems.Add(new(name, PatternReasons.NegatedGroupBefore(it)));
        if (Math.Max(Rounds(group.AllSteps), Conditions(group.AllSteps)) > NegatedRoundsMax)
            problems.Add(new(name, PatternReasons.NegatedGroupTooLarge(it)));
        if (Inside(group.AllSteps).Any(s => s.GapMs is not null || s.Quantifier.GapMs is not null))
            problems.Add(new(name, PatternReasons.NegatedGroupWindow(it)));
        if (Inside(group.AllSteps).Any(s => s is GroupStep { IsNegated: true }))
            problems.Add(new(name, PatternReasons.NegatedGroupInside(it)));
    }

    /// <summary>Whether the last event of a step is known when it is taken: no further round can still come, and begin with events that it does not take.</summary>
    private static bool EndsCertainly(PatternStep step) => step is { Quantifier.CanBeSkipped: false } && (step is EventStep
        || (step is GroupStep { Quantifier: var q } g && q.Max == Math.Max(q.Min, 1) && g.Alternatives.All(a => a.LastOrDefault(s => !s.IsNegated) is { } last && EndsCertainly(last))));

    /// <summary>Whether a step takes an event wherever it is entered.</summary>
    private static bool BeginsCertainly(PatternStep step) => step is { IsNegated: false, Quantifier.CanBeSkipped: false }
        && (step is not GroupStep g || g.Alternatives.All(a => a.Count > 0 && BeginsCertainly(a[0])));

    private static IEnumerable<PatternStep> Inside(IEnumerable<PatternStep> steps) => steps.SelectMany(s => s is GroupStep g ? Inside(g.AllSteps).Prepend(s) : [s]);

    private static void CheckReads(Pattern pattern, List<PatternProblem> problems)
    {
        var absent = Inside(pattern.Steps).Where(s => s.IsNegated).SelectMany(s => s is GroupStep g ? Inside(g.AllSteps) : [s])
            .OfType<EventStep>().Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        if (absent.Count == 0)
            return;
        foreach (var step in Inside(pattern.Steps))
        {
            var read = new[] { (step as EventStep)?.Where, step.Quantifier.Until }.OfType<Expr>().SelectMany(e => e.StepsRead).Distinct();
            foreach (var name in read.Where(absent.Contains))
                problems.Add(new(NameOf(step), PatternReasons.ReadsNegated(name)));
        }
    }

    /// <summary>Whether a step, but for an absence, can take nothing.</summary>
    private static bool CanBeLeftOut(PatternStep step) => !step.IsNegated && CanMatchEmpty([step]);

    private static void CheckGroup(GroupStep group, List<PatternProblem> problems)
    {
        foreach (var alternative in group.Alternatives)
            CheckSequence(alternative, problems, isWholePattern: false);
        if (group.Quantifier.IsGreedy)
            problems.Add(new(null, "A group cannot be greedy."));
        if (group.GapMs is not null && !group.IsNegated)
            problems.Add(new(NameOf(group), PatternReasons.WindowOfGroup));
    }

    private static void CheckQuantifier(PatternStep step, List<PatternProblem> problems)
    {
        var name = (step as EventStep)?.Name;
        var what = name is null ? PatternReasons.Group : PatternReasons.Step(name);
        var q = step.Quantifier;
        if (q.Min < 0 || q.Max < 0)
            problems.Add(new(name, PatternReasons.NegativeCount(Math.Min(q.Min, q.Max ?? 0))));
        else if (q.Max == 0)
            problems.Add(new(name, PatternReasons.NeverTaken));
        else if (q.Max < q.Min)
            problems.Add(new(name, PatternReasons.EmptyRange(q.Min, q.Max.Value)));
        if (q.Until is not null && !q.IsUnbounded)
            problems.Add(new(name, PatternReasons.UntilOfNoLoop(what, q.Max)));
        if (!q.IsLoop && q.Inner != Contiguity.Relaxed)
            problems.Add(new(name, PatternReasons.ContiguityOfNoLoop(what, q.Inner)));
        if (!q.IsLoop && q.GapMs is not null)
            problems.Add(new(name, $"A window between rounds needs a loop, but {what} is no loop."));
        if (!q.IsLoop && q.IsGreedy)
            problems.Add(new(name, $"Only a loop can be greedy, but {what} is no loop."));
        if (q.GapMs <= 0)
            problems.Add(new(name, PatternReasons.NoWindow(what)));
    }

    private static void CheckTime(Pattern pattern, List<PatternProblem> problems)
    {
        if (pattern.WithinMs <= 0 || pattern.GapMs <= 0)
            problems.Add(new(null, PatternReasons.NoTime));
        foreach (var step in pattern.EventSteps)
        {
            if (step.GapMs <= 0)
                problems.Add(new(step.Name, PatternReasons.NoWindow(PatternReasons.Step(step.Name))));
            else if (step.GapMs > pattern.WithinMs && !step.IsNegated)
                problems.Add(new(step.Name, PatternReasons.WindowAboveWithin(PatternReasons.Step(step.Name))));
        }
        if (pattern.Steps is [.., { IsNegated: true, Link: Contiguity.Relaxed, GapMs: null } last] && (pattern.WithinMs ?? pattern.GapMs) is null)
            problems.Add(new(NameOf(last), PatternReasons.NegatedForEver(Absence(last))));
    }

    private static void CheckSkip(Pattern pattern, List<PatternProblem> problems)
    {
        if (pattern.Skip.Kind is not (SkipKind.ToFirst or SkipKind.ToLast))
            return;
        var target = pattern.Skip.Step;
        if (pattern.Steps.OfType<EventStep>().Any(s => s.Name == target))
            return;
        problems.Add(new(target, pattern.EventSteps.Any(s => s.Name == target) ? PatternReasons.SkipIntoGroup(target!) : PatternReasons.NoSkipTarget(target)));
    }

    /// <summary>What a sentence calls an absence; and what must be absent.</summary>
    private static (string Not, string What) Absence(PatternStep step) =>
        step is EventStep e ? PatternReasons.Absence(e.Name) : PatternReasons.AbsenceOfGroup(NameOf(step));

    /// <summary>The name of a step; of a group, that of its first step.</summary>
    private static string? NameOf(PatternStep step) => step switch
    {
        EventStep e => e.Name,
        GroupStep g => g.AllSteps.Select(NameOf).FirstOrDefault(n => n is not null),
        _ => null,
    };
}
