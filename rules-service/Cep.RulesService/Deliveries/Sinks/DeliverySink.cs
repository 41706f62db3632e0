using Cep.RulesService.Alerts;

namespace Cep.RulesService.Deliveries.Sinks;

/// <summary>Takes alerts, and says of each what came of it. Called by each of its lanes for one batch at a time.</summary>
internal abstract class DeliverySink(string name, SinkOptions options) : IDisposable
{
    /// <summary>Its name in the configuration.</summary>
    public string Name => name;

    /// <summary>How it was configured.</summary>
    public SinkOptions Options => options;

    /// <summary>How many batches are delivered at once.</summary>
    public virtual int Lanes => 1;

    /// <summary>How many alerts a batch has at most.</summary>
    public virtual int BatchMax => 64;

    /// <summary>Delivers alerts once each; a failure is an outcome.</summary>
    /// <param name="alerts">At least one.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <returns>An outcome for each alert in its place; null for those that were not tried to the end; they stay due.</returns>
    public abstract Task<IReadOnlyList<DeliveryOutcome?>> DeliverAsync(IReadOnlyList<Alert> alerts, CancellationToken cancel);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
