using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Language.Text;
using Cep.Patterns;

namespace Cep.Language.Binding;

/// <summary>Makes the pattern of a <c>match</c> clause.</summary>
/// <param name="match">The clause.</param>
/// <param name="inputs">The streams the rule reads, by name; null where that is not known, so that no step is blamed for it.</param>
/// <param name="streams">All streams of the set, by name.</param>
/// <param name="lists">All lists of the set.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
internal sealed class PatternBinder(
    MatchSyntax match,
    IReadOnlyDictionary<string, StreamSymbol>? inputs,
    IReadOnlyDictionary<string, StreamSymbol> streams,
    ListTable lists,
    DiagnosticBag diagnostics)
{
    private readonly StepTable _steps = new(streams, lists);
    private readonly Dictionary<AtomSyntax, StepSymbol> _symbols = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GroupSyntax, GroupSymbol> _groups = new(ReferenceEqualityComparer.Instance);

    /// <summary>The steps by name; filled by <see cref="Declare()"/>.</summary>
    public IReadOnlyDictionary<string, StepSymbol> Steps => _steps.ByName;

    /// <summary>Learns the names of the steps; before <see cref="Bind"/>, and before measures are bound.</summary>
    public void Declare() => Declare(match.Sequence.Steps, []);

    private void Declare(IEnumerable<StepSyntax> steps, IReadOnlyList<GroupSymbol> groups)
    {
        foreach (var step in steps)
        {
            if (step is GroupSyntax group)
            {
                _groups[group] = new GroupSymbol(group.Quantifier?.IsLoop ?? false, isOfModel: group.OptionalLoop is null, isNegated: group.Not is not null);
                Declare(group.AllSteps, [.. groups, _groups[group]]);
            }
            if (step is not AtomSyntax atom || atom.Name.IsMissing) continue;
            var symbol = new StepSymbol(atom.Name.Text, StreamOf(atom), _symbols.Count, IsAbsent(atom, groups), atom.Quantifier?.IsLoop ?? false, groups);
            _symbols[atom] = symbol;
            if (!_steps.Add(symbol))
                diagnostics.Error(DiagnosticCode.DuplicateName, atom.Name.Span,
                    PatternReasons.NameTwice(atom.Name.Text));
        }
    }

    private static bool IsAbsent(AtomSyntax atom, IReadOnlyList<GroupSymbol> groups) => atom.Not is not null || groups.Any(g => g.IsNegated);

    private StreamSymbol? StreamOf(AtomSyntax atom)
    {
        if (atom.Stream.IsMissing || inputs is null) return null;
        var name = atom.Stream.Text;
        if (inputs.TryGetValue(name, out var stream)) return stream;
        if (streams.ContainsKey(name))
            diagnostics.Error(DiagnosticCode.StreamNotInFrom, atom.Stream.Span,
                $"The stream `{name}` of the step `{atom.Name.Text}` is not in `from`; a rule reads the streams that its `from` names.",
                $"add `{name}` to `from`, with its key");
        else
            diagnostics.Error(DiagnosticCode.UnknownStream, atom.Stream.Span, $"There is no stream `{name}`.",
                DiagnosticBag.DidYouMean(name, inputs.Keys.Concat(streams.Keys)));
        return null;
    }

    /// <summary>Binds the steps; what is wrong has been reported, and the pattern is of use only if nothing was.</summary>
    public Pattern Bind()
    {
        PatternChecks.Check(match, _steps.All, diagnostics);
        return new Pattern
        {
            Steps = BindSequence(match.Sequence, isTop: true),
            WithinMs = match.Within is { IsGap: false, Duration: { } within } ? within.Ms : null,
            GapMs = match.Within is { IsGap: true, Duration: { } gap } ? gap.Ms : null,
            Skip = match.Skip is { } skip ? new AfterMatchSkip(skip.Kind, skip.Target?.Text) : AfterMatchSkip.PastLast,
        };
    }

    private List<PatternStep> BindSequence(SequenceSyntax sequence, bool isTop) =>
        sequence.Steps.Select((step, index) => BindStep(step, isFirst: isTop && index == 0)).ToList();

    private PatternStep BindStep(StepSyntax step, bool isFirst) => step switch
    {
        AtomSyntax atom => BindAtom(atom, isFirst),
        GroupSyntax { OptionalLoop: { } loop } group => BindOptionalLoop(loop, isFirst, group.Link),
        GroupSyntax group => BindGroup(group),
        _ => throw new InvalidOperationException($"Unknown kind of step: {step.GetType().Name}."),
    };

    private GroupStep BindGroup(GroupSyntax group)
    {
        var alternatives = group.Alternatives.Select(a => BindSequence(a, isTop: false)).ToArray();
        return new GroupStep
        {
            Link = group.Link,
            Steps = alternatives[0],
            OrElse = alternatives[1..],
            IsNegated = group.Not is not null,
            Quantifier = BindQuantifier(group, null),
            GapMs = IsFinalNot(group) ? OwnWindowMs(group) : null,
        };
    }

    private bool IsFinalNot(StepSyntax step) => step.Not is not null && ReferenceEquals(match.Sequence.Steps[^1], step);

    private static long? OwnWindowMs(StepSyntax step) => step.Modifiers.OfType<InSyntax>().FirstOrDefault()?.Duration.Ms;

    private PatternStep BindOptionalLoop(StepSyntax loop, bool isFirst, Contiguity link)
    {
        var step = BindStep(loop, isFirst);
        return step with { Link = link, Quantifier = step.Quantifier with { IsOptional = true } };
    }

    private EventStep BindAtom(AtomSyntax atom, bool isFirst)
    {
        var symbol = _symbols.GetValueOrDefault(atom);
        var binder = new ExpressionBinder(_steps.ScopeOf(symbol), diagnostics);
        var isLoop = atom.Quantifier?.IsLoop ?? false;
        return new EventStep
        {
            Name = atom.Name.Text,
            Link = atom.Link,
            Stream = symbol?.Stream?.EventType,
            IsNegated = atom.Not is not null,
            Quantifier = BindQuantifier(atom, binder),
            Where = atom.Where is { } where ? binder.BindCondition(where, $"the condition of the step `{atom.Name.Text}`") : null,
            // Before the first event there is none to count from, an absence between two steps takes none, and the window of a loop is between its rounds.
            GapMs = isFirst || isLoop || (atom.Not is not null && !IsFinalNot(atom)) ? null : OwnWindowMs(atom),
        };
    }

    private Quantifier BindQuantifier(StepSyntax step, ExpressionBinder? binder)
    {
        var quantifier = step.Quantifier ?? new QuantifierSyntax(1, 1, false, false, step.Span);
        var isGroup = step is GroupSyntax;
        var until = step.Modifiers.OfType<UntilSyntax>().FirstOrDefault();
        return new Quantifier
        {
            // Taken 0 times is left out, which is what optional says.
            Min = (int)Math.Max(1, quantifier.Min),
            Max = (int?)quantifier.Max,
            IsOptional = quantifier.Min == 0,
            IsGreedy = !isGroup && quantifier.IsGreedy,
            Inner = step.Modifiers.Any(m => m is ConsecutiveSyntax) ? Contiguity.Strict
                : step.Modifiers.Any(m => m is AnySyntax) ? Contiguity.NonDeterministicRelaxed
                : Contiguity.Relaxed,
            Until = until is null ? null
                : binder is null ? BindUntilOfGroup((GroupSyntax)step, until)
                : binder.BindCondition(until.Condition, "the condition of `until`"),
            GapMs = quantifier.IsLoop ? OwnWindowMs(step) : null,
        };
    }

    /// <summary>The <c>until</c> of a group is tested on events of the stream its steps take, which must be one.</summary>
    private Conditions.Expr? BindUntilOfGroup(GroupSyntax group, UntilSyntax until)
    {
        if (_steps.ScopeOf(_groups[group]) is { } scope)
            return new ExpressionBinder(scope, diagnostics).BindCondition(until.Condition, "the condition of `until`");
        diagnostics.Error(DiagnosticCode.UntilOfGroup, until.Span,
            "The steps of this group take events of several streams, so `until` cannot tell which stream's fields it reads.");
        return null;
    }
}
