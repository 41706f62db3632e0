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

    private void Error(string code, TextSpan span, string message, string? help = null) => _diagnostics.Error(code, span, message, help);

    private void CheckWithin()
    {
        if (_match.Within is null)
            Error(DiagnosticCode.NoWithin, new TextSpan(_match.Span.Start, "match".Length),
                "This pattern does not say how long a match may take; `within` was expected after its last step.",
                "write `within 10m`, or `within forever` if there is no bound");
        if (_match.Within is { Duration: { Ms: 0 } duration })
            Error(DiagnosticCode.EmptyDuration, duration.Span, "A match cannot take less than no time; a duration above 0 was expected.");
    }

    private void CheckSequence(SequenceSyntax sequence, bool isTop)
    {
        for (var i = 0; i < sequence.Steps.Count; i++)
        {
            var step = sequence.Steps[i];
            var before = i == 0 ? null : sequence.Steps[i - 1];
            var isLast = i == sequence.Steps.Count - 1;
            CheckModifiers(step, isFirst: isTop && i == 0, isFinal: isTop && isLast);
            if (step is AtomSyntax { Not: not null } not) CheckNegated(not, before, isTop, isLast);
            if (step is GroupSyntax group) CheckGroup(group);
            if (isTop && isLast) CheckFinal(step);
        }
    }

    private void CheckNegated(AtomSyntax step, StepSyntax? before, bool isTop, bool isLast)
    {
        var name = step.Name.Text;
        var span = step.Not!.Value.To(step.Name.Span);
        if (before is null)
            Error(DiagnosticCode.InvalidNegation, span, $"`not {name}` stands first, so there is no event after which `{name}` must not come; "
                + "a pattern and a group begin with a step that takes an event.");
        else if (before.Quantifier is { Min: 0 })
            Error(DiagnosticCode.InvalidNegation, span,
                $"`not {name}` directly follows a step that may be left out, so it is not clear after which event `{name}` must not come.",
                "write two rules, one with that step and one without");
        if (before is not null && step.Link == Contiguity.NonDeterministicRelaxed)
            Error(DiagnosticCode.InvalidNegation, step.LinkSpan,
                $"`not {name}` is linked by `->>`, which is about choosing among events, and an absence takes none.",
                "write `->` (none until the next step) or `=>` (not the very next event)");
        if (step.Quantifier is { } quantifier)
            Error(DiagnosticCode.InvalidNegation, quantifier.Span,
                $"`not {name}` has a quantifier, but an absence takes no event that could be counted.",
                quantifier.Min > 1 ? "to allow fewer than so many, count them in the condition of a later step" : $"write `not {name}`");
        if (!isTop && isLast && step.Link == Contiguity.Relaxed && before is not null)
            Error(DiagnosticCode.InvalidNegation, span, $"`not {name}` ends a group, and nothing says until when `{name}` must not come.",
                "put it after the group, or a step after it");
    }

    private void CheckGroup(GroupSyntax group)
    {
        CheckSequence(group.Body, isTop: false);
        var quantifier = group.Quantifier;
        if (quantifier is { IsLoop: true } && group.Body.Steps.Count > 0 && group.Body.Steps.All(CanBeEmpty))
            _diagnostics.Warning(DiagnosticCode.EmptyRound, quantifier.Span,
                "This group is repeated, but its steps may all be left out; a round that takes no event does not count.",
                group.Body.Steps is [AtomSyntax only] ? $"write `( {only.Name.Text}: … )*`, without a quantifier on `{only.Name.Text}`"
                    : "let one step of the group be required");
        if (quantifier is { IsReluctant: true })
            _diagnostics.Warning(DiagnosticCode.UselessReluctance, quantifier.Span,
                "A repeated group is never greedy, so the `?` after its quantifier changes nothing.", "leave the `?` out");
    }

    private static bool CanBeEmpty(StepSyntax step) =>
        step.Quantifier is { Min: 0 } || step is AtomSyntax { Not: not null } || (step is GroupSyntax g && g.Body.Steps.All(CanBeEmpty));

    private void CheckModifiers(StepSyntax step, bool isFirst, bool isFinal)
    {
        var what = step is AtomSyntax atom ? $"`{atom.Name.Text}`" : "this group";
        foreach (var twice in step.Modifiers.GroupBy(m => m.GetType()).Where(g => g.Count() > 1))
            Error(DiagnosticCode.InvalidModifier, twice.ElementAt(1).Span, $"The same modifier stands twice on {what}; once was expected.");
        if (step.Modifiers.FirstOrDefault(m => m is AnySyntax) is { } any && step.Modifiers.Any(m => m is ConsecutiveSyntax))
            Error(DiagnosticCode.InvalidModifier, any.Span,
                $"`consecutive` and `any` exclude each other on {what}: the one lets nothing come between, the other anything.");
        foreach (var modifier in step.Modifiers) CheckModifier(step, modifier, what, isFirst, isFinal);
    }

    private void CheckModifier(StepSyntax step, ModifierSyntax modifier, string what, bool isFirst, bool isFinal)
    {
        var isNot = step is AtomSyntax { Not: not null };
        var isLoop = step.Quantifier is { IsLoop: true };
        switch (modifier)
        {
            case ConsecutiveSyntax or AnySyntax or UntilSyntax when isNot:
                Error(DiagnosticCode.InvalidModifier, modifier.Span,
                    $"{what.UpperFirst()} is negated and takes no events, so there is no loop this could be about.");
                break;
            case ConsecutiveSyntax or AnySyntax when !isLoop:
                var word = modifier is ConsecutiveSyntax ? "consecutive" : "any";
                Error(DiagnosticCode.InvalidModifier, modifier.Span,
                    $"`{word}` says how the rounds of a loop follow each other, but {what} is no loop.",
                    modifier is ConsecutiveSyntax
                        ? "for the very next event write `=>` before the step"
                        : "to try later events too write `->>` before the step");
                break;
            case UntilSyntax when step.Quantifier is not { Max: null }:
                Error(DiagnosticCode.InvalidModifier, modifier.Span,
                    $"`until` ends an unbounded loop, but {what} {(isLoop ? $"is taken at most {step.Quantifier!.Max} times" : "is no loop")}.",
                    "write `+`, `*` or `{n,}` before it");
                break;
            case InSyntax window: CheckWindow(step, window, what, isNot, isLoop, isFirst, isFinal); break;
        }
    }

    private void CheckWindow(StepSyntax step, InSyntax window, string what, bool isNot, bool isLoop, bool isFirst, bool isFinal)
    {
        if (window.Duration.Ms == 0) Error(DiagnosticCode.EmptyDuration, window.Duration.Span, $"The window of {what} must be longer than nothing.");
        else if (isNot && !isFinal)
            Error(DiagnosticCode.InvalidModifier, window.Span,
                $"`in` on a negated step is how long to wait at the end of a pattern, but steps follow {what}.", "write `in` on the step after it");
        else if (isNot && step.Link == Contiguity.Strict)
            Error(DiagnosticCode.InvalidModifier, window.Span, $"`in` is how long to wait, but `=> not` is decided by the very next event.",
                "write `->` for an absence over time");
        else if (step is GroupSyntax && !isLoop)
            Error(DiagnosticCode.InvalidModifier, window.Span,
                "`in` bounds the time between the rounds of a loop or before a single step, but this group is neither.",
                "write `in` on a step of the group");
        else if (isFirst && !isLoop)
            _diagnostics.Warning(DiagnosticCode.InvalidModifier, window.Span,
                $"`in` is the time since the event before, but {what} is the first step, so it bounds nothing.", "leave it out");
        else if (!isNot && _match.Within is { IsGap: false, Duration: { } within } && window.Duration.Ms > within.Ms)
            Error(DiagnosticCode.InvalidModifier, window.Span, $"The window of {what} is longer than `within`, which bounds the whole match.");
    }

    private void CheckFinal(StepSyntax step)
    {
        if (step is AtomSyntax { Not: { } notSpan, Link: Contiguity.Relaxed } not)
        {
            var isBounded = _match.Within is null or { Duration: not null } || not.Modifiers.Any(m => m is InSyntax);
            // Without any `within` that is the error; one is enough.
            if (!isBounded)
                Error(DiagnosticCode.UnboundedAbsence, notSpan.To(not.Name.Span),
                    $"The pattern ends with `not {not.Name.Text}` and `within forever`, so it is never sure that `{not.Name.Text}` does not come.",
                    $"write `within 10m`, or `not {not.Name.Text} in 10m: …` for how long to wait");
        }
        if (step.Quantifier is { Max: null } loop)
            _diagnostics.Warning(DiagnosticCode.FinalLoop, loop.Span,
                $"The pattern ends with an unbounded loop, so it matches as soon as the loop has its least number of events, {loop.Min}.",
                "to take all of them, add a step that ends the loop");
    }

    private void CheckSize()
    {
        var span = new TextSpan(_match.Span.Start, "match".Length);
        if (SizeOf(_match.Sequence) > PatternRules.RoundsMax)
            Error(DiagnosticCode.TooManyStates, span,
                $"The counts of this pattern multiply to more than {PatternRules.RoundsMax} states; that is the limit.",
                "use smaller counts, or an unbounded loop and `count(…)` in the step after it");
        var conditions = ConditionsOf(_match.Sequence);
        if (conditions > PatternRules.ConditionsMax)
            Error(DiagnosticCode.TooManyStates, span,
                $"This pattern has {conditions} steps and `until` conditions; a pattern may have at most {PatternRules.ConditionsMax}.");
    }

    private static int ConditionsOf(SequenceSyntax sequence) => sequence.Steps.Sum(s =>
        s.Modifiers.Count(m => m is UntilSyntax) + (s is GroupSyntax group ? ConditionsOf(group.Body) : 1));

    private static double SizeOf(SequenceSyntax sequence) => sequence.Steps.Sum(s =>
        (s is GroupSyntax group ? SizeOf(group.Body) : 1) * Math.Max(1.0, s.Quantifier is { } q ? q.Max ?? q.Min : 1));

    /// <summary>Whether a group of the model holds the step; parentheses that only make a loop optional are none.</summary>
    private static bool IsInGroup(StepSymbol step) => step.Groups.Any(g => g.IsOfModel);

    private void CheckSkip(IEnumerable<StepSymbol> steps)
    {
        if (_match.Skip?.Target is not { IsMissing: false } target) return;
        var known = steps.ToList();
        var step = known.Find(s => s.Name == target.Text);
        if (step is null)
            Error(DiagnosticCode.InvalidSkipTarget, target.Span, $"There is no step `{target.Text}` in this pattern to skip to.",
                DiagnosticBag.DidYouMean(target.Text, known.Where(s => !IsInGroup(s) && !s.IsNegated).Select(s => s.Name)));
        else if (IsInGroup(step))
            Error(DiagnosticCode.InvalidSkipTarget, target.Span,
                $"The step `{target.Text}` is inside a group; matching can go on only at a step outside of groups.");
        else if (step.IsNegated)
            Error(DiagnosticCode.InvalidSkipTarget, target.Span,
                $"The step `{target.Text}` is negated and takes no event that matching could go on at.");
    }
}
