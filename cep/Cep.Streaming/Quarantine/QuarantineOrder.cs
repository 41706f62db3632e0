using Cep.Engine.Connectors;
using Cep.Events;
using Cep.Rules;
using Cep.Streaming.Matches;

namespace Cep.Streaming.Quarantine;

/// <summary>Cuts the output of each rule at its first failure, in the order of outputs; so what is written is the same at any parallelism.</summary>
/// <remarks>
/// The sink thread writes the outputs of an epoch one after the other: errors must be the first. Then a failure is known before any match or timeout that may
/// come after it. <see cref="Dropped"/> and <see cref="Errors"/> may be read by any thread.
/// </remarks>
/// <param name="patterns">The rules that run.</param>
internal sealed class QuarantineOrder(Func<PatternSet> patterns)
{
    private readonly Dictionary<Rule, OrderedError> _first = new(ReferenceEqualityComparer.Instance);
    private volatile OrderedError[] _errors = [];

    /// <summary>The first error of each rule, in the order in which they were written.</summary>
    public IReadOnlyList<RuleError> Errors => Array.ConvertAll(_errors, e => e.Error);

    /// <summary>How many matches and timeouts of a rule came after its failure and were not written.</summary>
    public (long Matches, long Timeouts) Dropped(Rule rule) =>
        Array.Find(_errors, e => ReferenceEquals(e.Error.Rule, rule)) is { } error ? (Volatile.Read(ref error.Matches), Volatile.Read(ref error.Timeouts)) : (0, 0);

    /// <summary>Takes the errors, and writes the first of each rule to a sink; null for nowhere.</summary>
    public Sink<OrderedError> ErrorsTo(Sink<RuleError>? sink) => new ErrorSink(this, sink);

    /// <summary>Writes to a sink what is not after its rule's failure.</summary>
    public Sink<Match> CutTo(Sink<Match> sink) => sink is TransactionalSink<Match> transactional ? new TransactionalCutSink(this, transactional) : new CutSink(this, sink);

    /// <summary>What of it a checkpoint keeps.</summary>
    public void Write(EventBinaryOutput output)
    {
        output.Unsigned((ulong)_errors.Length);
        foreach (var error in _errors)
            OrderedErrorFormat.Write(error, patterns(), output);
    }

    /// <summary>Goes on from what <see cref="Write"/> wrote; a rule that is no more is left out.</summary>
    public void Read(EventBinaryInput input)
    {
        Clear();
        for (var left = input.Number(input.Left, "number of failed rules"); left > 0; left--)
        {
            if (OrderedErrorFormat.Read(input, patterns()) is { } error)
                Add(error);
        }
    }

    /// <summary>Begins from nothing.</summary>
    public void Clear()
    {
        _first.Clear();
        _errors = [];
    }

    /// <returns>Whether it is the first of its rule.</returns>
    public bool Add(OrderedError error)
    {
        if (!_first.TryAdd(error.Error.Rule, error))
            return false;
        _errors = [.. _errors, error];
        return true;
    }

    /// <summary>Whether a match is told; one that is not is counted.</summary>
    public bool Passes(Match match)
    {
        if (_first.Count == 0 || !_first.TryGetValue(match.Rule, out var error))
            return true;
        if (match.EmittedAt.CompareTo((error.Error.TimeMs, error.Order)) <= 0)
            return true;
        Interlocked.Increment(ref match.Kind == MatchKind.Timeout ? ref error.Timeouts : ref error.Matches);
        return false;
    }
}

/// <summary>An error with its place in the order of outputs, and what came after it.</summary>
internal sealed class OrderedError(RuleError error, long order)
{
    public long Matches;
    public long Timeouts;

    public RuleError Error { get; } = error;

    /// <summary>Its place among outputs of one time.</summary>
    public long Order { get; } = order;
}
