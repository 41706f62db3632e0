using Cep.Conditions;
using Cep.Engine.Operators;
using Cep.Engine.Streams;
using Cep.Engine.Time;
using Cep.Explain;
using Cep.Rules;
using Cep.Streaming.Matches;

namespace Cep.Streaming.Inquiries;

/// <summary>Traces what a rule makes of the events of one key: in order of time, behind its pre-filters, as the <see cref="CepOperator"/> offers them.</summary>
internal sealed class InquiryOperator : Operator<StreamEvent, Match>
{
    private readonly CompiledRule _rule;
    private readonly PatternTrace _trace;
    private readonly FilterTrace?[] _filters;
    private readonly UnlessTrace _unless;
    private readonly IReadOnlyList<StreamDefinition> _streams;
    private readonly ReorderBuffer<StreamEvent> _pending = new();
    private readonly long? _atMs;

    /// <param name="rule">The rule.</param>
    /// <param name="streams">All streams of the set; events name theirs by its position here.</param>
    /// <param name="filters">What traces the pre-filter of each stream; null where there is none.</param>
    /// <param name="atMs">Where time stops; null for the end of the input.</param>
    public InquiryOperator(CompiledRule rule, IReadOnlyList<StreamDefinition> streams, FilterTrace?[] filters, long? atMs)
    {
        (_rule, _streams, _filters, _atMs) = (rule, streams, filters, atMs);
        _unless = new UnlessTrace(rule.Rule.Unless);
        _trace = new PatternTrace(rule.Pattern);
    }

    public long Offered { get; private set; }

    public PatternReport Report() => _trace.Report(prefersAlive: _atMs is not null);

    public override void Process(ReadOnlySpan<StreamRecord<StreamEvent>> records) => _pending.Add(records);

    public override void AdvanceWatermark(long watermarkMs)
    {
        while (_pending.TryTake(watermarkMs, out var records))
        {
            foreach (ref readonly var record in records)
                Offer(record);
        }
        _trace.AdvanceTime(Math.Min(watermarkMs, _atMs ?? Watermark.End));
    }

    private void Offer(in StreamRecord<StreamEvent> record)
    {
        var e = record.Value;
        if (_unless.Explain(_streams[e.Stream], e.Value, record.TimestampMs, record.Sequence) is { } end)
            _trace.Cancel(end);
        if (!_rule.Accepts(e, record.TimestampMs, counts: null))
        {
            _filters[e.Stream]!.Dropped(e.Value, record.TimestampMs, record.Sequence);
            return;
        }
        Offered++;
        _trace.Offer(e.Value, record.TimestampMs, record.Sequence);
    }
}

/// <summary>Keeps which clause of a pre-filter dropped how many of the events of one key.</summary>
internal sealed class FilterTrace(string stream, Expr where)
{
    private static readonly RegisterLayout NoRegisters = RegisterLayout.For([]);

    private readonly ExprEvaluator _evaluator = new(NoRegisters);
    private readonly List<ClauseCount> _clauses = [];
    private long _dropped;
    private ExplainedEvent? _last;

    /// <summary>What was dropped; null for nothing.</summary>
    public FilterReport? Report => _last is null ? null : new FilterReport(stream, _dropped, _clauses, _last);

    /// <summary>Takes an event that the pre-filter did not let through.</summary>
    public void Dropped(object e, long timeMs, long sequence)
    {
        var condition = _evaluator.Evaluate(where, e, timeMs, NoRegisters.Empty);
        foreach (var (at, clause) in condition.Conjuncts.Index())
        {
            if (_clauses.Count == at)
                _clauses.Add(new ClauseCount(clause.Expr.ToString(), 0, 0));
            var count = _clauses[at];
            _clauses[at] = count with
            {
                Failed = count.Failed + Convert.ToInt32(clause.Outcome != ConditionOutcome.Holds),
                Unknown = count.Unknown + Convert.ToInt32(clause.Outcome == ConditionOutcome.Unknown),
            };
        }
        _dropped++;
        _last = new ExplainedEvent(stream, e, timeMs, sequence, condition);
    }
}
