using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Language.Text;
using Cep.Patterns;

namespace Cep.Language.Binding;

/// <summary>What a pattern must keep beyond its grammar, each with its reason at its place.</summary>
internal sealed class PatternChecks
{
    private readonly MatchSyntax _match;
    private readonly DiagnosticBag _diagnostics;

    private PatternChecks(MatchSyntax match, DiagnosticBag diagnostics) => (_match, _diagnostics) = (match, diagnostics);

    public static void Check(MatchSyntax match, IEnumerable<StepSymbol> steps, DiagnosticBag diagnostics)
    {
        var checks = new PatternChecks(match, diagnostics);
        checks.CheckWithin();
        checks.CheckSequence(match.Sequence, isTop: true);
        checks.CheckSize();
        checks.CheckSkip(steps);
    }

    /// <summary>Where a problem of the model stands in the clause; the word <c>match</c> where the pattern as a whole is meant, and null where that is not known.</summary>
    public static TextSpan? PlaceOf(PatternProblem problem, MatchSyntax match) =>
        problem.Step is null ? WholePattern(match) : PlaceOf(problem, match.Sequence.Steps);

    private static TextSpan WholePattern(MatchSyntax match) => new(match.Span.Start, "match".Length);

    private static TextSpan? PlaceOf(PatternProblem problem, IEnumerable<StepSyntax> steps)
    {
        foreach (var step in steps)
        {
            // A group that must not come is named by its first step.
            if (step is GroupSyntax { Not: { } not, FirstAtom.Name.Text: var first } && first == problem.Step) return not;
            if (step is AtomSyntax atom && atom.Name.Text == problem.Step) return atom.Name.Span;
            if (step is GroupSyntax group && PlaceOf(problem, group.AllSteps) is { } inside) return inside;
        }
        return null;
    }

    private void Error(string code, TextSpan span, string message, string? help = null) => _diagnostics.Error(code, span, message, help);

    private void CheckWithin()
    {
        if (_match.Within is null)
            Error(DiagnosticCode.NoWithin, WholePattern(_match),
                "This pattern does not say how long a match may take; `within` was expected after its last step.",
                "write `within 10m`, or `within forever` if there is no bound");
        if (_match.Within is { Duration: { Ms: 0 } duration })
            Error(DiagnosticCode.EmptyDuration, duration.Span, PatternReasons.NoTime);
    }

    private void CheckSequence(SequenceSyntax sequence, bool isTop)
    {
        for (var i = 0; i < sequence.Steps.Count; i++)
        {
            var step = sequence.Steps[i];
            var before = i == 0 ? null : sequence.Steps[i - 1];
            var isLast = i == sequence.Steps.Count - 1;
            CheckModifiers(step, isFirst: isTop && i == 0, isFinal: isTop && isLast);
            if (step.Not is { } not) CheckNegated(step, not, before, isTop, isLast);
            if (step is GroupSyntax group) CheckGroup(group);
            if (isTop && isLast) CheckFinal(step);
        }
    }

    private void CheckNegated(StepSyntax step, TextSpan not, StepSyntax? before, bool isTop, bool isLast)
    {
        var it = AbsenceOf(step);
        var span = SpanOfAbsence(step, not);
        if (before is null)
            Error(DiagnosticCode.InvalidNegation, span, PatternReasons.NegatedFirst(it));
        else if (before.Not is null && CanBeEmpty(before))
            Error(DiagnosticCode.InvalidNegation, span, PatternReasons.NegatedAfterOptional(it), "write two rules, one with that step and one without");
        if (before is not null && step.Link == Contiguity.NonDeterministicRelaxed)
            Error(DiagnosticCode.InvalidNegation, step.LinkSpan, PatternReasons.NegatedByAny(it),
                "write `->` (none until the next step)" + (step is AtomSyntax ? " or `=>` (not the very next event)" : ""));
        if (step.Quantifier is { } quantifier)
            Error(DiagnosticCode.InvalidNegation, quantifier.Span, PatternReasons.NegatedCounted(it),
                quantifier.Min > 1 ? "to allow fewer than so many, count them in the condition of a later step" : $"write {it.Not}");
        if (!isTop && isLast && step.Link == Contiguity.Relaxed && before is not null)
            Error(DiagnosticCode.InvalidNegation, span, PatternReasons.NegatedEndsGroup(it), "put it after the group, or a step after it");
    }

    private static (string Not, string What) AbsenceOf(StepSyntax step) =>
        step is AtomSyntax atom ? PatternReasons.Absence(atom.Name.Text) : PatternReasons.AbsenceOfGroup(((GroupSyntax)step).FirstAtom?.Name.Text);

    private static TextSpan SpanOfAbsence(StepSyntax step, TextSpan not) => step is AtomSyntax atom ? not.To(atom.Name.Span) : not;

    private void CheckGroup(GroupSyntax group)
    {
        foreach (var alternative in group.Alternatives) CheckSequence(alternative, isTop: false);
        var quantifier = group.Quantifier;
        if (quantifier is { IsLoop: true } && group.AllSteps.Any() && CanRoundBeEmpty(group))
            _diagnostics.Warning(DiagnosticCode.EmptyRound, quantifier.Span,
                "This group is repeated, but its steps may all be left out; a round that takes no event does not count.",
                group.Alternatives is [{ Steps: [AtomSyntax only] }] ? $"write `( {only.Name.Text}: … )*`, without a quantifier on `{only.Name.Text}`"
                    : "let one step of the group be required");
        if (quantifier is { IsReluctant: true })
            _diagnostics.Warning(DiagnosticCode.UselessReluctance, quantifier.Span,
                "A repeated group is never greedy, so the `?` after its quantifier changes nothing.", "leave the `?` out");
    }

    private static bool CanBeEmpty(StepSyntax step) =>
        step.Quantifier is { Min: 0 } || step.Not is not null || (step is GroupSyntax g && CanRoundBeEmpty(g));

    private static bool CanRoundBeEmpty(GroupSyntax group) => group.Alternatives.Any(a => a.Steps.All(CanBeEmpty));

    private void CheckModifiers(StepSyntax step, bool isFirst, bool isFinal)
    {
        var what = step is AtomSyntax atom ? PatternReasons.Step(atom.Name.Text) : PatternReasons.Group;
        foreach (var twice in step.Modifiers.GroupBy(m => m.GetType()).Where(g => g.Count() > 1))
            Error(DiagnosticCode.InvalidModifier, twice.ElementAt(1).Span, $"The same modifier stands twice on {what}; once was expected.");
        if (step.Modifiers.FirstOrDefault(m => m is AnySyntax) is { } any && step.Modifiers.Any(m => m is ConsecutiveSyntax))
            Error(DiagnosticCode.InvalidModifier, any.Span,
                $"`consecutive` and `any` exclude each other on {what}: the one lets nothing come between, the other anything.");
        foreach (var modifier in step.Modifiers) CheckModifier(step, modifier, what, isFirst, isFinal);
    }

    private void CheckModifier(StepSyntax step, ModifierSyntax modifier, string what, bool isFirst, bool isFinal)
    {
        var isNot = step.Not is not null;
        var isLoop = step.Quantifier is { IsLoop: true };
        switch (modifier)
        {
            case ConsecutiveSyntax or AnySyntax or UntilSyntax when isNot:
                Error(DiagnosticCode.InvalidModifier, modifier.Span,
                    $"{what.UpperFirst()} is negated and takes no events, so there is no loop this could be about.");
                break;
            case ConsecutiveSyntax or AnySyntax when !isLoop:
                Error(DiagnosticCode.InvalidModifier, modifier.Span,
                    PatternReasons.ContiguityOfNoLoop(what, modifier is ConsecutiveSyntax ? Contiguity.Strict : Contiguity.NonDeterministicRelaxed),
                    modifier is ConsecutiveSyntax
                        ? "for the very next event write `=>` before the step"
                        : "to try later events too write `->>` before the step");
                break;
            case UntilSyntax when step.Quantifier is not { Max: null }:
                Error(DiagnosticCode.InvalidModifier, modifier.Span,
                    PatternReasons.UntilOfNoLoop(what, step.Quantifier?.Max),
                    "write `+`, `*` or `{n,}` before it");
                break;
            case InSyntax window: CheckWindow(step, window, what, isNot, isLoop, isFirst, isFinal); break;
        }
    }

    private void CheckWindow(StepSyntax step, InSyntax window, string what, bool isNot, bool isLoop, bool isFirst, bool isFinal)
    {
        if (window.Duration.Ms == 0) Error(DiagnosticCode.EmptyDuration, window.Duration.Span, PatternReasons.NoWindow(what));
        else if (isNot && !isFinal)
            Error(DiagnosticCode.InvalidModifier, window.Span,
                $"`in` on a negated step is how long to wait at the end of a pattern, but steps follow {what}.", "write `in` on the step after it");
        else if (isNot && step.Link == Contiguity.Strict)
            Error(DiagnosticCode.InvalidModifier, window.Span, $"`in` is how long to wait, but `=> not` is decided by the very next event.",
                "write `->` for an absence over time");
        else if (step is GroupSyntax && !isLoop && !isNot)
            Error(DiagnosticCode.InvalidModifier, window.Span, PatternReasons.WindowOfGroup,
                "write `in` on a step of the group");
        else if (isFirst && !isLoop)
            _diagnostics.Warning(DiagnosticCode.InvalidModifier, window.Span,
                $"`in` is the time since the event before, but {what} is the first step, so it bounds nothing.", "leave it out");
        else if (!isNot && _match.Within is { IsGap: false, Duration: { } within } && window.Duration.Ms > within.Ms)
            Error(DiagnosticCode.InvalidModifier, window.Span, PatternReasons.WindowAboveWithin(what));
    }

    private void CheckFinal(StepSyntax step)
    {
        if (step is { Not: { } not, Link: Contiguity.Relaxed })
        {
            var isBounded = _match.Within is null or { Duration: not null } || step.Modifiers.Any(m => m is InSyntax);
            // Without any `within` that is the error; one is enough.
            if (!isBounded)
                Error(DiagnosticCode.UnboundedAbsence, SpanOfAbsence(step, not), PatternReasons.NegatedForEver(AbsenceOf(step)),
                    $"write `within 10m`, or {AbsenceOf(step).Not.TrimEnd('`')} in 10m{(step is AtomSyntax ? ": …" : "")}` for how long to wait");
        }
        if (step.Quantifier is { Max: null } loop)
            _diagnostics.Warning(DiagnosticCode.FinalLoop, loop.Span,
                $"The pattern ends with an unbounded loop, so it matches as soon as the loop has its least number of events, {loop.Min}.",
                "to take all of them, add a step that ends the loop");
    }

    private void CheckSize()
    {
        var span = WholePattern(_match);
        if (SizeOf(_match.Sequence.Steps) > PatternRules.RoundsMax)
            Error(DiagnosticCode.TooManyStates, span, PatternReasons.TooManyStates,
                "use smaller counts, or an unbounded loop and `count(…)` in the step after it");
        var conditions = ConditionsOf(_match.Sequence.Steps);
        if (conditions > PatternRules.ConditionsMax)
            Error(DiagnosticCode.TooManyStates, span, PatternReasons.TooManyConditions(conditions));
    }

    private static int ConditionsOf(IEnumerable<StepSyntax> steps) => steps.Sum(s =>
        s.Modifiers.Count(m => m is UntilSyntax) + (s is GroupSyntax group ? ConditionsOf(group.AllSteps) : 1));

    private static double SizeOf(IEnumerable<StepSyntax> steps) => steps.Sum(s =>
        (s is GroupSyntax group ? SizeOf(group.AllSteps) : 1) * Math.Max(1.0, s.Quantifier is { } q ? q.Max ?? q.Min : 1));

    /// <summary>Whether a group of the model holds the step; parentheses that only make a loop optional are none.</summary>
    private static bool IsInGroup(StepSymbol step) => step.Groups.Any(g => g.IsOfModel);

    private void CheckSkip(IEnumerable<StepSymbol> steps)
    {
        if (_match.Skip?.Target is not { IsMissing: false } target) return;
        var known = steps.ToList();
        var step = known.Find(s => s.Name == target.Text);
        if (step is null)
            Error(DiagnosticCode.InvalidSkipTarget, target.Span, PatternReasons.NoSkipTarget(target.Text),
                DiagnosticBag.DidYouMean(target.Text, known.Where(s => !IsInGroup(s) && !s.IsNegated).Select(s => s.Name)));
        else if (IsInGroup(step))
            Error(DiagnosticCode.InvalidSkipTarget, target.Span, PatternReasons.SkipIntoGroup(target.Text));
        else if (step.IsNegated)
            Error(DiagnosticCode.InvalidSkipTarget, target.Span,
                $"The step `{target.Text}` is negated and takes no event that matching could go on at.");
    }
}
