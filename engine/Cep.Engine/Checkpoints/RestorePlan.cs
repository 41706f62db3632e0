using Cep.Engine.Keys;

namespace Cep.Engine.Checkpoints;

/// <summary>An operator of the job that is to be restored.</summary>
/// <param name="Uid">Its uid; no two operators have the same.</param>
/// <param name="IsStateful">Whether it remembers anything.</param>
public sealed record RestoreTarget(string Uid, bool IsStateful);

/// <summary>Which operator of a job goes on from the state of which operator of a checkpoint or savepoint.</summary>
/// <remarks>Pure. A plan with errors restores nothing: whoever has it tells its user the errors.</remarks>
public sealed class RestorePlan
{
    private readonly Dictionary<string, string> _oldOf;

    private RestorePlan(Dictionary<string, string> oldOf, IReadOnlyList<string> errors, IReadOnlyList<string> dropped, IReadOnlyList<string> empty) =>
        (_oldOf, Errors, Dropped, Empty) = (oldOf, errors, dropped, empty);

    /// <summary>Why the state cannot be restored, a sentence each; empty when it can.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>The uids of the snapshot whose state is left behind, with consent.</summary>
    public IReadOnlyList<string> Dropped { get; }

    /// <summary>The uids of the stateful operators that begin with nothing.</summary>
    public IReadOnlyList<string> Empty { get; }

    /// <summary>Makes a plan.</summary>
    /// <param name="states">What the snapshot has.</param>
    /// <param name="targets">The operators of the job.</param>
    /// <param name="renamed">New uids by old ones. A uid that the snapshot has not, while it has the new one, was renamed before and does no harm.</param>
    /// <param name="dropped">Uids of the snapshot whose state may be left behind. One that the snapshot has not does no harm.</param>
    public static RestorePlan Make(
        IReadOnlyList<OperatorState> states,
        IReadOnlyList<RestoreTarget> targets,
        IReadOnlyDictionary<string, string>? renamed = null,
        IReadOnlySet<string>? dropped = null)
    {
        renamed ??= new Dictionary<string, string>();
        var left = states.Select(s => s.Uid).Where(uid => dropped?.Contains(uid) ?? false).ToArray();
        var errors = UnknownNames(states, targets, renamed).ToList();
        var oldOf = new Dictionary<string, string>();
        foreach (string old in states.Select(s => s.Uid).Except(left))
        {
            string uid = renamed.GetValueOrDefault(old, old);
            if (!oldOf.TryAdd(uid, old)) errors.Add($"The states of `{oldOf[uid]}` and `{old}` would both become that of `{uid}`.");
            else if (Refusal(old, uid, targets) is { } refusal && !renamed.ContainsKey(old)) errors.Add(refusal);
        }

        string[] empty = targets.Where(t => t.IsStateful && !oldOf.ContainsKey(t.Uid)).Select(t => t.Uid).ToArray();
        return new RestorePlan(oldOf, errors, left, empty);
    }

    /// <summary>The uid under which the snapshot has the state of an operator of the job; null when it has none.</summary>
    /// <param name="uid">The operator's uid in the job.</param>
    public string? OldUidOf(string uid) => _oldOf.GetValueOrDefault(uid);

    /// <summary>What a subtask of the job is restored from; null when its operator begins with nothing.</summary>
    /// <param name="snapshot">The snapshot that the plan was made for.</param>
    /// <param name="uid">The operator's uid in the job.</param>
    /// <param name="keyGroups">The key groups that the subtask owns.</param>
    /// <exception cref="InvalidOperationException">The plan has errors.</exception>
    public StateReader? ReaderOf(Snapshot snapshot, string uid, KeyGroupRange keyGroups)
    {
        if (Errors.Count > 0) throw new InvalidOperationException(string.Join(" ", Errors));
        return OldUidOf(uid) is { } old ? snapshot.ReaderOf(old, keyGroups) : null;
    }

    private static IEnumerable<string> UnknownNames(
        IReadOnlyList<OperatorState> states, IReadOnlyList<RestoreTarget> targets, IReadOnlyDictionary<string, string> renamed)
    {
        foreach ((string old, string now) in renamed)
        {
            RestoreTarget? target = targets.FirstOrDefault(t => t.Uid == now);
            if (target is null) yield return $"The state of `{old}` is to become that of `{now}`, but the job has no operator `{now}`{Known("it has", targets.Select(t => t.Uid))}.";
            else if (!target.IsStateful) yield return $"The state of `{old}` is to become that of `{now}`, but `{now}` remembers nothing.";
            else if (states.All(s => s.Uid != old && s.Uid != now))
                yield return $"The state of `{old}` is to become that of `{now}`, but the snapshot has no state of `{old}`{Known("it has that of", states.Select(s => s.Uid))}.";
        }
    }

    private static string? Refusal(string old, string uid, IReadOnlyList<RestoreTarget> targets)
    {
        RestoreTarget? target = targets.FirstOrDefault(t => t.Uid == uid);
        if (target is { IsStateful: true }) return null;
        return target is null
            ? $"The snapshot has state of `{old}`, but the job has no operator of this uid. Say which uid it has now, or that its state may be dropped{Known("the job has", targets.Where(t => t.IsStateful).Select(t => t.Uid))}."
            : $"The snapshot has state of `{old}`, but this operator remembers nothing any more. Say that its state may be dropped.";
    }

    private static string Known(string lead, IEnumerable<string> uids)
    {
        string[] names = uids.Select(u => $"`{u}`").ToArray();
        return names.Length == 0 ? "" : $"; {lead} {string.Join(", ", names)}";
    }
}
