using Cep.Evaluation;
using Cep.Events;
using Cep.Rules;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Snapshots;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Quarantine;

/// <summary>Cuts the output of each rule at its first failure, in the order of outputs; so what is written is the same at any parallelism.</summary>
/// <remarks>
/// The sink thread writes the outputs of an epoch one after the other: errors must be the first. Then a failure is known before any match or timeout that may
/// come after it. <see cref="Dropped"/> and <see cref="Errors"/> may be read by any thread.
/// </remarks>
/// <param name="begun">The rules with which the attempt of the job begins.</param>
internal sealed class QuarantineOrder(Func<RunningRules> begun)
{
    // A rule that looks for the same after a swap keeps its compiled pattern, and with it its failure.
    private readonly Dictionary<CompiledPattern, OrderedError> _first = new(ReferenceEqualityComparer.Instance);

    /// <summary>The rules whose outputs come; null before the first.</summary>
    private RunningRules? _rules;
    private volatile OrderedError[] _errors = [];

    /// <summary>The first error of each rule that still runs, in the order in which they were written.</summary>
    public IReadOnlyList<RuleError> Errors => Array.ConvertAll(_errors, e => e.Error!);

    /// <summary>How many matches and timeouts of a rule came after its failure and were not written.</summary>
    public (long Matches, long Timeouts) Dropped(CompiledRule rule) =>
        Array.Find(_errors, e => e.Pattern == rule.Pattern) is { } error ? (Volatile.Read(ref error.Matches), Volatile.Read(ref error.Timeouts)) : (0, 0);

    /// <summary>What of it a checkpoint keeps.</summary>
    public void Write(EventBinaryOutput output)
    {
        output.Unsigned((ulong)_errors.Length);
        if (_errors.Length == 0)
            return;
        RuleSetSchema.Write(Rules.Patterns, output);
        foreach (var error in _errors)
            OrderedErrorFormat.Write(error, Rules, output);
    }

    /// <summary>Goes on from what <see cref="Write"/> wrote; a rule that is no more, or looks for something else, is left out.</summary>
    public void Read(EventBinaryInput input)
    {
        Clear();
        var left = input.Number(input.Left, "number of failed rules");
        if (left == 0)
            return;
        var rules = begun();
        var plan = SwapPlan.Of(RuleSetSchema.Read(input), rules.Patterns.Signatures, rules.PolicyAtRestore, _ => null);
        for (; left > 0; left--)
        {
            if (OrderedErrorFormat.Read(input, rules, plan) is { } error)
                Add(error);
        }
    }

    /// <summary>Other rules run from here on. What looks for something else, or begins anew, has not failed.</summary>
    public void Swap(RunningRules rules)
    {
        _rules = rules;
        foreach (var error in _errors)
            error.GoOnFor(rules.Compiled.FirstOrDefault(c => c.Pattern == error.Pattern)?.Rule);
        _errors = Array.FindAll(_errors, e => rules.Compiled.Any(c => c.Pattern == e.Pattern));
        foreach (var gone in _first.Keys.Where(p => !Array.Exists(_errors, e => e.Pattern == p)).ToList())
            _first.Remove(gone);
    }

    /// <summary>Begins from nothing.</summary>
    public void Clear()
    {
        _first.Clear();
        _errors = [];
        _rules = begun();
    }

    private RunningRules Rules => _rules ??= begun();

    /// <returns>Whether it is the first of its rule.</returns>
    public bool Add(OrderedError error)
    {
        if (!_first.TryAdd(error.Pattern!, error))
            return false;
        _errors = [.. _errors, error];
        return true;
    }

    /// <summary>Whether a match is told; one that is not is counted.</summary>
    public bool Passes(Match match)
    {
        if (_first.Count == 0 || match.Pattern is not { } pattern || !_first.TryGetValue(pattern, out var error))
            return true;
        if (match.EmittedAt.CompareTo((error.Error!.TimeMs, error.Order)) <= 0)
            return true;
        Interlocked.Increment(ref match.Kind == MatchKind.Timeout ? ref error.Timeouts : ref error.Matches);
        return false;
    }
}

/// <summary>An error with its place in the order of outputs, and what came after it; or, in its place, that other rules run.</summary>
internal sealed class OrderedError
{
    public long Matches;
    public long Timeouts;

    private OrderedError(RunningRules swappedTo) => SwappedTo = swappedTo;

    /// <param name="error">The error.</param>
    /// <param name="order">Its place among outputs of one time.</param>
    /// <param name="pattern">The pattern of the rule, as it was compiled.</param>
    public OrderedError(RuleError error, long order, CompiledPattern pattern) => (Error, Order, Pattern) = (error, order, pattern);

    /// <summary>Null where it is a swap.</summary>
    public RuleError? Error { get; private set; }

    public CompiledPattern? Pattern { get; }

    /// <summary>The rules that run from here on; null where it is an error.</summary>
    public RunningRules? SwappedTo { get; }

    /// <summary>Its place among outputs of one time.</summary>
    public long Order { get; }

    /// <summary>It is of a rule that looks for the same from here on; null where there is none.</summary>
    public void GoOnFor(Rule? rule)
    {
        if (rule is not null)
            Error = Error! with { Rule = rule };
    }

    /// <summary>Says that other rules run from here on.</summary>
    public static OrderedError OfSwap(RunningRules to) => new(to);
}
