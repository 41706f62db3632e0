using Cep.Engine.Checkpoints;
using Cep.Engine.Runtime;
using Cep.Rules;
using Cep.Streaming.Snapshots;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Jobs;

/// <summary>Knows which rules a job goes on with after a failure: those of the last swap whose checkpoint it goes on from, or a later one.</summary>
/// <remarks>Safe for all threads. What happens to checkpoints is told on.</remarks>
/// <param name="first">The rules with which the job was started.</param>
/// <param name="policy">What becomes of partial matches where the job begins from what other rules wrote.</param>
/// <param name="serializer">What writes and reads the rules that are drained; null for nothing.</param>
/// <param name="options">The checkpoints of the job.</param>
internal sealed class RuleSetHistory(PatternSet first, SwapPolicy policy, RuleSerializer? serializer, CheckpointOptions options) : CheckpointListener
{
    private const string RuleSetProperty = "rule-set";
    private const string PolicyProperty = "swap-policy";

    private const string CannotDrainAtRestore = "The rules are not those of the checkpoint, and what those were does not stand in it, so they cannot be drained. Carry or reset their partial matches.";

    private readonly Lock _gate = new();
    private readonly List<(long Checkpoint, PatternSet Patterns, SwapPolicy Policy)> _swaps = [];
    private IReadOnlyDictionary<string, string> _properties = options.Properties;
    private Manifest? _restored;
    private (RuleSwap Swap, string Id, SwapPolicy Policy)? _expected;

    /// <summary>What is kept with checkpoints from the start of the job on; completed when the job has read what it goes on from.</summary>
    private readonly Dictionary<string, string> _given = Given(first, policy, serializer, options);

    /// <summary>The checkpoints of the job, with this in between.</summary>
    public CheckpointOptions Options => options with { Listener = this, Properties = _given };

    /// <summary>What the attempt at hand begins with.</summary>
    /// <param name="parallelism">The number of subtasks.</param>
    /// <exception cref="SwapRefusedException">It cannot begin from what other rules wrote.</exception>
    public RunningRules Begin(int parallelism)
    {
        lock (_gate)
        {
            if (LastSwap() is var (swappedTo, policyOfSwap))
                return Begin(swappedTo, policyOfSwap, areOfThese: true, parallelism);
            // Where the last thing a process did was the very swap to these rules, what was decided then still counts.
            var isOfThese = IsOfFirst();
            return Begin(first, isOfThese && _restored!.Properties.TryGetValue(PolicyProperty, out var text) ? SwapPolicy.Parse(text) : policy, isOfThese, parallelism);
        }
    }

    /// <summary>The last swap of this job that the attempt at hand has; null for none.</summary>
    private (PatternSet Patterns, SwapPolicy Policy)? LastSwap() =>
        _restored is { IsSavepoint: false } && _swaps.FindLast(s => s.Checkpoint <= _restored.CheckpointId) is { Patterns: not null } swap ? (swap.Patterns, swap.Policy) : null;

    /// <summary>Whether the attempt at hand goes on from what the rules wrote with which the job was started.</summary>
    private bool IsOfFirst() => _restored?.Properties.GetValueOrDefault(RuleSetProperty) == RuleSetSchema.IdOf(first);

    /// <summary>
    /// The versions that are being drained stand in a property, which changes with the same checkpoint as the rules: the coordinator takes up the properties of a swap when it sends the
    /// swap's barrier, and no other checkpoint is under way then.
    /// </summary>
    private RunningRules Begin(PatternSet patterns, SwapPolicy policyAtRestore, bool areOfThese, int parallelism)
    {
        var rules = new RunningRules(patterns, parallelism) { PolicyAtRestore = policyAtRestore };
        if (_restored is null)
            return rules;
        if (!areOfThese && DrainingAfter(_restored) is { } after)
            return rules.With(after, areOfThese: true);
        return rules.With(DrainingIn(_restored, patterns), areOfThese);
    }

    private DrainingVersions DrainingIn(Manifest manifest, PatternSet patterns) =>
        manifest.Properties.TryGetValue(DrainingVersions.Property, out var text) ? DrainingVersions.Read(text, serializer, patterns.RuleSet) : DrainingVersions.None;

    /// <summary>What is drained where the job begins with other rules than those of a checkpoint; null where these are not known.</summary>
    /// <exception cref="SwapRefusedException">They are not known, and may have to be drained.</exception>
    private DrainingVersions? DrainingAfter(Manifest manifest)
    {
        if (!policy.Drains && !manifest.Properties.ContainsKey(DrainingVersions.Property))
            return DrainingVersions.None;
        if (!manifest.Properties.TryGetValue(DrainingVersions.RunningProperty, out var text) || serializer is null)
            return policy.Drains ? throw new SwapRefusedException(CannotDrainAtRestore) : null;
        try
        {
            var running = DrainingVersions.Read(text, serializer, first.RuleSet).Versions.Select(v => v.Rule);
            var before = PatternSet.Compile(first.RuleSet with { Rules = [.. running] });
            return DrainingIn(manifest, first).After(SwapPlan.Of(before.Signatures, first.Signatures, policy, _ => null), before);
        }
        catch (SwapRefusedException) when (!policy.Drains)
        {
            return null;
        }
    }

    /// <summary>Why a rule that runs cannot be drained; null where it can.</summary>
    public string? WhyNotDrained(CompiledRule rule) => DrainingVersions.WhyNot(rule, serializer, first.RuleSet.Streams);

    /// <summary>A swap is asked for.</summary>
    /// <param name="swap">The swap.</param>
    /// <param name="swapPolicy">Its policy.</param>
    /// <param name="properties">What the caller wants to be kept with checkpoints from there on; null for nothing more than before.</param>
    /// <returns>All that is to be kept with them.</returns>
    public IReadOnlyDictionary<string, string> Expect(RuleSwap swap, SwapPolicy swapPolicy, IReadOnlyDictionary<string, string>? properties)
    {
        lock (_gate)
        {
            var id = RuleSetSchema.IdOf(swap.To.Patterns);
            _expected = (swap, id, swapPolicy);
            var all = PropertiesOf(_properties.Concat(properties ?? new Dictionary<string, string>()), id, swapPolicy);
            Add(all, swap.To.Patterns, swap.To.Kept, serializer);
            return all;
        }
    }

    /// <inheritdoc/>
    public override void Completed(Manifest manifest)
    {
        lock (_gate)
        {
            _properties = manifest.Properties;
            if (!manifest.IsSavepoint && _expected is { } expected && expected.Swap.IsTaken && manifest.Properties.GetValueOrDefault(RuleSetProperty) == expected.Id)
            {
                _swaps.Add((manifest.CheckpointId, expected.Swap.To.Patterns, expected.Policy));
                expected.Swap.Complete();
                _expected = null;
            }
        }
        options.Listener?.Completed(manifest);
    }

    /// <inheritdoc/>
    public override void Restored(Manifest manifest)
    {
        lock (_gate)
        {
            (_restored, _properties) = (manifest, _restored is null ? PropertiesOf(manifest.Properties.Concat(options.Properties), "", policy) : manifest.Properties);
            _swaps.RemoveAll(s => s.Checkpoint > manifest.CheckpointId);
            if (LastSwap() is null && !IsOfFirst() && DrainingAfter(manifest) is { LastNumber: > 0 } draining)
                _given[DrainingVersions.Property] = draining.ToText(serializer);
        }
        options.Listener?.Restored(manifest);
    }

    /// <inheritdoc/>
    public override void Restarting(JobException failure, TimeSpan pause)
    {
        lock (_gate)
        {
            _restored = null;
            _expected?.Swap.Undo();
            _expected = null;
        }
        options.Listener?.Restarting(failure, pause);
    }

    /// <inheritdoc/>
    public override void Failed(long checkpointId, string reason) => options.Listener?.Failed(checkpointId, reason);

    /// <inheritdoc/>
    public override void Refused(RefusedCheckpoint checkpoint) => options.Listener?.Refused(checkpoint);

    private static Dictionary<string, string> Given(PatternSet patterns, SwapPolicy policy, RuleSerializer? serializer, CheckpointOptions options)
    {
        var given = PropertiesOf(options.Properties, RuleSetSchema.IdOf(patterns), policy);
        Add(given, patterns, DrainingVersions.None, serializer);
        return given;
    }

    /// <summary>Adds what the rules are that run, and that are drained.</summary>
    private static void Add(Dictionary<string, string> properties, PatternSet patterns, DrainingVersions draining, RuleSerializer? serializer)
    {
        properties.Remove(DrainingVersions.RunningProperty);
        if (DrainingVersions.TextOfRunning(patterns, serializer) is { } running)
            properties[DrainingVersions.RunningProperty] = running;
        if (draining.LastNumber > 0)
            properties[DrainingVersions.Property] = draining.ToText(serializer);
    }

    private static Dictionary<string, string> PropertiesOf(IEnumerable<KeyValuePair<string, string>> properties, string id, SwapPolicy policy)
    {
        var all = new Dictionary<string, string>();
        foreach (var (name, value) in properties)
            all[name] = value;
        (all[RuleSetProperty], all[PolicyProperty]) = (id, policy.ToText());
        return all;
    }
}
