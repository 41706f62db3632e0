namespace Cep.Patterns;

/// <summary>What is wrong with a pattern, and where.</summary>
/// <param name="Step">The step's name, or null when the pattern as a whole is meant.</param>
/// <param name="Reason">A whole sentence.</param>
public sealed record PatternProblem(string? Step, string Reason);

/// <summary>The rules a pattern must keep: those of Flink CEP.</summary>
/// <remarks>A repeated group whose rounds can take nothing is allowed: a round that takes nothing is no round, see <see cref="HasEmptyRounds"/>.</remarks>
public static class PatternRules
{
    /// <summary>The most rounds, over all steps and with those of groups multiplied, that a pattern may spell out.</summary>
    public const int RoundsMax = 10_000;

    /// <summary>The most conditions, those of <c>until</c> counted, that a pattern may have.</summary>
    public const int ConditionsMax = 64;

    /// <summary>Lists every problem; empty for a pattern that compiles.</summary>
    public static IReadOnlyList<PatternProblem> Check(Pattern pattern)
    {
        var problems = new List<PatternProblem>();
        CheckNames(pattern, problems);
        CheckSequence(pattern.Steps, problems, isWholePattern: true);
        CheckSize(pattern, problems);
        CheckTime(pattern, problems);
        CheckSkip(pattern, problems);
        return problems;
    }

    /// <summary>Whether the pattern, or a part of it, can be completed without an event.</summary>
    public static bool CanMatchEmpty(IReadOnlyList<PatternStep> steps) => steps.All(s => s switch
    {
        { Quantifier.CanBeSkipped: true } => true,
        EventStep e => e.IsNegated,
        GroupStep g => CanMatchEmpty(g.Steps),
        _ => false,
    });

    /// <summary>Whether a group repeats without bound although its steps can match nothing: legal, but seldom what was meant.</summary>
    public static bool HasEmptyRounds(GroupStep group) => group.Quantifier.IsUnbounded && CanMatchEmpty(group.Steps);

    private static void CheckNames(Pattern pattern, List<PatternProblem> problems)
    {
        foreach (var twice in pattern.EventSteps.GroupBy(s => s.Name).Where(g => g.Count() > 1))
            problems.Add(new(twice.Key, $"The step name `{twice.Key}` is used {twice.Count()} times; names are unique in a pattern."));
        foreach (var step in pattern.EventSteps.Where(s => s.Name.Length == 0))
            problems.Add(new(step.Name, "A step needs a name."));
    }

    private static void CheckSize(Pattern pattern, List<PatternProblem> problems)
    {
        var rounds = Rounds(pattern.Steps);
        if (rounds > RoundsMax)
            problems.Add(new(null, $"The counts of the pattern multiply to {rounds:N0} states; at most {RoundsMax:N0} are allowed."));
        var conditions = Conditions(pattern.Steps);
        if (conditions > ConditionsMax)
            problems.Add(new(null, $"The pattern has {conditions} conditions; at most {ConditionsMax} are allowed."));
    }

    private static double Rounds(IEnumerable<PatternStep> steps) => steps.Sum(s =>
        Math.Max(1.0, Math.Max(s.Quantifier.Min, s.Quantifier.Max ?? 0)) * (s is GroupStep g ? Rounds(g.Steps) : 1));

    private static int Conditions(IEnumerable<PatternStep> steps) => steps.Sum(s =>
        (s.Quantifier.Until is null ? 0 : 1) + (s is GroupStep g ? Conditions(g.Steps) : 1));

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
            if (steps[i] is EventStep { IsNegated: true } not)
                CheckNegated(not, i == 0 ? null : steps[i - 1], problems, isLastOfGroup: !isWholePattern && i == steps.Count - 1);
            if (steps[i] is GroupStep group)
                CheckGroup(group, problems);
        }
    }

    private static void CheckNegated(EventStep step, PatternStep? before, List<PatternProblem> problems, bool isLastOfGroup)
    {
        if (before is null)
            problems.Add(new(step.Name, $"The first step of a pattern or group cannot be negated: `not {step.Name}` has no event to come after."));
        else if (before.Quantifier.CanBeSkipped)
            problems.Add(new(step.Name, $"`not {step.Name}` cannot directly follow an optional step: write two patterns, one without the optional step."));
        if (step.Link == Contiguity.NonDeterministicRelaxed)
            problems.Add(new(step.Name, $"`not {step.Name}` must be linked by `->` or `=>`."));
        if (step.Quantifier != Quantifier.One)
            problems.Add(new(step.Name, $"A negated step takes no quantifier: `not {step.Name}` is absent or it is not."));
        if (isLastOfGroup && step.Link == Contiguity.Relaxed)
            problems.Add(new(step.Name, $"`not {step.Name}` cannot end a group: nothing says until when it must be absent."));
    }

    private static void CheckGroup(GroupStep group, List<PatternProblem> problems)
    {
        CheckSequence(group.Steps, problems, isWholePattern: false);
        if (group.Quantifier.IsGreedy)
            problems.Add(new(null, "A group cannot be greedy."));
    }

    private static void CheckQuantifier(PatternStep step, List<PatternProblem> problems)
    {
        var name = (step as EventStep)?.Name;
        var what = name is null ? "the group" : $"`{name}`";
        var q = step.Quantifier;
        if (q.Min < 0 || q.Max < 1)
            problems.Add(new(name, $"The count of {what} must be positive."));
        else if (q.Max < q.Min)
            problems.Add(new(name, $"The range of {what} is empty: at most {q.Max} is less than at least {q.Min}."));
        if (q.Until is not null && !q.IsUnbounded)
            problems.Add(new(name, $"`until` ends an unbounded loop, and {what} is none."));
        if (!q.IsLoop && q.Inner != Contiguity.Relaxed)
            problems.Add(new(name, $"`consecutive` and `any` say how the rounds of a loop follow each other, and {what} is no loop."));
        if (!q.IsLoop && q.GapMs is not null)
            problems.Add(new(name, $"A window between rounds needs a loop, and {what} is none."));
        if (!q.IsLoop && q.IsGreedy)
            problems.Add(new(name, $"Only a loop can be greedy, and {what} is none."));
        if (q.GapMs <= 0)
            problems.Add(new(name, $"The window of {what} must be longer than nothing."));
    }

    private static void CheckTime(Pattern pattern, List<PatternProblem> problems)
    {
        if (pattern.WithinMs <= 0 || pattern.GapMs <= 0)
            problems.Add(new(null, "`within` must be longer than nothing."));
        foreach (var step in pattern.EventSteps)
        {
            if (step.GapMs <= 0)
                problems.Add(new(step.Name, $"The window of `{step.Name}` must be longer than nothing."));
            else if (step.GapMs > pattern.WithinMs && !step.IsNegated)
                problems.Add(new(step.Name, $"The window before `{step.Name}` is longer than the window of the whole pattern."));
        }
        if (pattern.Steps is [.., EventStep { IsNegated: true, Link: Contiguity.Relaxed, GapMs: null } last] && (pattern.WithinMs ?? pattern.GapMs) is null)
            problems.Add(new(last.Name, $"A final `not {last.Name}` needs `within` or `in`: nothing else says until when it must be absent."));
    }

    private static void CheckSkip(Pattern pattern, List<PatternProblem> problems)
    {
        if (pattern.Skip.Kind is not (SkipKind.ToFirst or SkipKind.ToLast))
            return;
        var target = pattern.Skip.Step;
        if (pattern.Steps.OfType<EventStep>().Any(s => s.Name == target))
            return;
        problems.Add(new(target, pattern.EventSteps.Any(s => s.Name == target)
            ? $"The skip target `{target}` is inside a group; only steps at the top of the pattern can be skipped to."
            : $"The skip target `{target}` is no step of the pattern."));
    }
}
