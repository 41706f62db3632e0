using System.Diagnostics.Metrics;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Rules;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Jobs;

/// <summary>What a rule job reads, where it writes, and how it runs.</summary>
public sealed record RuleJobOptions
{
    /// <summary>The inputs; at least one. Several may hold events of one stream.</summary>
    public required IReadOnlyList<EventInput> Inputs { get; init; }

    /// <summary>Inputs that are no bytes, beside <see cref="Inputs"/>. Default none.</summary>
    internal IReadOnlyList<Source<StreamEvent>> Sources { get; init; } = [];

    /// <summary>Takes the matches; null to count them only.</summary>
    public Sink<Match>? Matches { get; init; }

    /// <summary>Takes the partial matches that ran out of time; null to count them only.</summary>
    public Sink<Match>? Timeouts { get; init; }

    /// <summary>Takes the events that came too late to be offered to a pattern; null to count them only.</summary>
    public Sink<LateRecord<StreamEvent>>? Late { get; init; }

    /// <summary>Takes the rules that failed and were stopped, one record each; null to tell them by <see cref="RuleJobResult.Quarantined"/> only.</summary>
    public Sink<RuleError>? Errors { get; init; }

    /// <summary>
    /// Takes the swaps of rules, see <see cref="RuleJob.SwapAsync"/>, and at its beginning that from the rules of the checkpoint or savepoint that the job goes on
    /// from, where those differ. Null to tell them by <see cref="RuleJob.BegunWith"/> only.
    /// </summary>
    public Sink<RulesChanged>? Changes { get; init; }

    /// <summary>Takes what was no event; null to count it only.</summary>
    public Sink<MalformedRecord>? Malformed { get; init; }

    /// <summary>The number of subtasks, 1 to 128. Default 1. What is found, and its order, does not depend on it.</summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>
    /// How the job remembers where it stands, and what happens when it fails; null: it does not, and ends with its first failure. Default null. Outputs are written once,
    /// whatever fails, where their sinks are of the kind <see cref="TransactionalSink{T}"/>.
    /// </summary>
    public CheckpointOptions? Checkpoints { get; init; }

    /// <summary>Names the job in its metrics, as the tag <c>job</c>: to tell several in one process apart. Default <c>job</c>.</summary>
    public string Name { get; init; } = "job";

    /// <summary>Makes the meters <c>Cep.Engine</c> and <c>Cep.Streaming</c> that the job publishes its figures with; null: the job makes its own, which end with it. Default null.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>
    /// What becomes of the partial matches of changed rules where the job goes on from a checkpoint or savepoint of another rule set. Default:
    /// <see cref="SwapPolicy.Carry"/>. For a policy that drains the job that wrote it must have had a <see cref="RuleSerializer"/>.
    /// </summary>
    public SwapPolicy PolicyAtRestore { get; init; } = SwapPolicy.Carry;

    /// <summary>
    /// Writes and reads the rules that are drained (<see cref="PartialMatchPolicy.Drain"/>), for checkpoints: after a restart the job has to know what they were. Null: a job that takes
    /// checkpoints cannot drain. Not used by one that takes none. Default null.
    /// </summary>
    public RuleSerializer? RuleSerializer { get; init; }

    /// <summary>The clock, for processing time and idleness. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
