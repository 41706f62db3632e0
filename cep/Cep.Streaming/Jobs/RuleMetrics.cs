using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Cep.Engine.Diagnostics;
using Cep.Rules;
using Cep.Streaming.Quarantine;

namespace Cep.Streaming.Jobs;

/// <summary>Publishes the figures of the rules of a job while it runs, under the names that the page <c>METRICS.md</c> lists.</summary>
internal sealed class RuleMetrics : IDisposable
{
    public const string MeterName = "Cep.Streaming";

    private readonly JobMeter _meter;
    private readonly KeyValuePair<string, object?> _job;
    private readonly Func<IReadOnlyList<(Rule Rule, RuleCounts Counts)>> _counts;
    private readonly Func<IReadOnlyList<RuleError>> _errors;

    /// <summary>By rule, what each counter has told; a rule that was changed is another one.</summary>
    private readonly ConditionalWeakTable<Rule, ConcurrentDictionary<string, long>> _told = [];

    /// <param name="job">The job's name.</param>
    /// <param name="factory">See <see cref="RuleJobOptions.MeterFactory"/>.</param>
    /// <param name="counts">What the rules have counted so far.</param>
    /// <param name="errors">The rules that failed and were stopped.</param>
    public RuleMetrics(string job, IMeterFactory? factory, Func<IReadOnlyList<(Rule Rule, RuleCounts Counts)>> counts, Func<IReadOnlyList<RuleError>> errors)
    {
        (_job, _counts, _errors) = (new("job", job), counts, errors);
        _meter = new JobMeter(MeterName, factory);
        Counter("cep.rule.events", "{event}", "Events offered to the pattern.", c => c.Events);
        Counter("cep.rule.matches", "{match}", "Matches.", c => c.Matches);
        Counter("cep.rule.timeouts", "{match}", "Partial matches that ran out of time.", c => c.Timeouts);
        Counter("cep.rule.alerts.suppressed", "{alert}", "Alerts not told because one with the same values was told before.", c => c.Suppressed);
        Counter("cep.rule.alerts.limited", "{alert}", "Alerts not told because the rule had told as many as it may.", c => c.Limited);
        Counter("cep.rule.partial_matches.dropped", "{match}", "Partial matches dropped because their key had more than the rule allows.", c => c.DroppedPartials);
        Counter("cep.rule.partial_matches.cancelled", "{match}", "Partial matches that an event of `unless` dropped.", c => c.CancelledPartials);
        Counter("cep.rule.conditions", "{evaluation}", "Evaluations of conditions and pre-filters.", c => c.ConditionEvaluations);
        Counter("cep.rule.conditions.unknown", "{evaluation}", "Of these, the ones that were null.", c => c.Unknown);
        Counter("cep.rule.errors", "{error}", "Conditions and measures that failed in arithmetic.", c => c.Errors);
        Counter("cep.rule.events.without_key", "{event}", "Events whose key has a null field.", c => c.WithoutKey);
        _meter.Gauge("cep.rule.partial_matches", "{match}", "Partial matches that are alive.", () => _counts().Select(r => Of(r.Rule, r.Counts.PartialMatches)));
        _meter.Gauge("cep.rule.quarantined", "{rule}", "1 when the rule has failed and was stopped, else 0.", () => _counts().Select(r => Of(r.Rule, IsQuarantined(r.Rule) ? 1 : 0)));
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>A counter never goes back: after a restart it stands still until the rule is again where it was.</summary>
    private void Counter(string name, string unit, string description, Func<RuleCounts, long> count) => _meter.Counter(name, unit, description, () =>
        _counts().Select(r => Of(r.Rule, _told.GetValue(r.Rule, _ => []).AddOrUpdate(name, static (_, now) => now, static (_, before, now) => Math.Max(before, now), count(r.Counts)))));

    private bool IsQuarantined(Rule rule) => _errors().Any(e => ReferenceEquals(e.Rule, rule));

    private Measurement<long> Of(Rule rule, long value) => new(value, _job, new("rule", rule.Name));
}
