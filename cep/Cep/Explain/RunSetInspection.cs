using Cep.Evaluation;
using Cep.Patterns;

namespace Cep.Explain;

/// <summary>Tells what is remembered of a key: each partial match with its events, the steps it waits for, and until when.</summary>
/// <remarks>Of what came meanwhile and did not fit, nothing is remembered: the awaited steps have no events and no counts. One thread only.</remarks>
internal sealed class RunSetInspection(CompiledPattern pattern)
{
    private readonly RunEvaluator _evaluator = new(pattern);
    private readonly StateProgress _progress = new(pattern.Nfa);
    private readonly StepExplainer _explainer = new(pattern);

    /// <summary>The partial matches, the earliest first; one that waits in several states is told once, where it is nearest to a match.</summary>
    public IReadOnlyList<PartialMatchReport> PartialMatches(RunSet runs) => runs.Partial.Items.ToArray()
        .Where(r => r.HasBegun)
        .GroupBy(r => r.Last!)
        .Select(g => g.MinBy(r => _progress.EventsLeft(r.State)))
        .OrderBy(r => r, Comparer<Run>.Create((a, b) => Run.CompareStart(a, b)))
        .Select(Report)
        .ToList();

    private PartialMatchReport Report(Run run)
    {
        var taken = new Completion(true, run.Last!, run.StartMs, run.Last!.TimeMs, run.Last.TimeMs).Events();
        var deadlineMs = _evaluator.DeadlineMs(run);
        return new PartialMatchReport
        {
            Taken = _explainer.Explain(taken),
            EventsNeeded = taken.Length + _progress.EventsLeft(run.State),
            DeadlineMs = deadlineMs == long.MaxValue ? null : deadlineMs,
            Awaits = _progress.AwaitedSteps(run.State).Select(s => Awaited(pattern.Nfa.Steps[s])).ToList(),
        };
    }

    private static AwaitedStep Awaited(EventStep step) => new() { Step = step.Name, IsAbsence = step.IsNegated };
}
