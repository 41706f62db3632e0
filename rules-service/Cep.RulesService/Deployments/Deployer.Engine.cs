using System.Globalization;
using Cep.Engine.Checkpoints;
using Cep.RulesService.Engine;
using Cep.Streaming;
using Cep.Streaming.Swaps;

namespace Cep.RulesService.Deployments;

/// <summary>A savepoint that the service took.</summary>
/// <param name="Name">The name of its folder.</param>
/// <param name="Version">The number of the rule set that ran.</param>
/// <param name="Bytes">How much it holds.</param>
internal sealed record SavepointSummary(string Name, int? Version, long Bytes);

/// <summary>Pausing, resuming, rescaling, and going back to a savepoint.</summary>
internal sealed partial class Deployer
{
    private string SavepointFolder => Path.Combine(options.DataFolder, "savepoints");

    /// <summary>The savepoints that were taken, by name.</summary>
    public IReadOnlyList<SavepointSummary> Savepoints() =>
        Directory.Exists(SavepointFolder) ? Directory.EnumerateDirectories(SavepointFolder).Order(StringComparer.Ordinal).Select(Describe).OfType<SavepointSummary>().ToList() : [];

    /// <summary>Stops the engine with a checkpoint. Events that come are kept for it.</summary>
    /// <returns>False where it does not run.</returns>
    public Task<bool> PauseAsync() => engine.AloneAsync(async () =>
    {
        if (engine.Job is null)
            return false;
        await engine.StopAsync().ConfigureAwait(false);
        return true;
    });

    /// <summary>Starts the engine where it was paused, or where it failed.</summary>
    /// <returns>False where there is nothing to start.</returns>
    public Task<bool> ResumeAsync() => engine.AloneAsync(async () =>
    {
        if (engine.Status.State is not (EngineState.Paused or EngineState.Failed) || versions.Live() is not { } live)
            return false;
        await engine.StopAsync().ConfigureAwait(false);
        return await StartLiveAsync(live.Number, engine.LatestCheckpoint()?.Properties.GetValueOrDefault(RuleEngine.DeploymentProperty)).ConfigureAwait(false);
    });

    /// <summary>Goes on with another number of subtasks; they share out what those before remembered.</summary>
    /// <returns>False where the engine does not run: the number counts from its next start on.</returns>
    public async Task<bool> RescaleAsync(int parallelism)
    {
        var runs = await PauseAsync().ConfigureAwait(false);
        settings.Parallelism = parallelism;
        return runs && await ResumeAsync().ConfigureAwait(false);
    }

    /// <summary>Takes a savepoint. The stream does not stop for it.</summary>
    /// <exception cref="InvalidOperationException">The engine is not running.</exception>
    public Task<SavepointSummary> SavepointAsync() => engine.AloneAsync(async () =>
    {
        var folder = Path.Combine(SavepointFolder, time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'.'fff'Z'", CultureInfo.InvariantCulture));
        await engine.SavepointAsync(folder).ConfigureAwait(false);
        return Describe(folder)!;
    });

    /// <summary>Goes back to a savepoint: with its rules, its partial matches, and its place in the events. What came since is read again; alerts that were told are not told again.</summary>
    /// <param name="name">Which.</param>
    /// <param name="actor">Who asks for it.</param>
    /// <returns>The deployment of its rules; null where there is no such savepoint.</returns>
    public Task<Deployment?> RestoreAsync(string name, string actor) => engine.AloneAsync<Deployment?>(async () =>
    {
        if (Savepoints().FirstOrDefault(s => s.Name == name) is not { Version: { } version } || Compile(version) is not { } compiled)
            return null;
        var id = deployments.Begin(version, PartialMatchPolicy.Carry, actor);
        return await EndAsync(id, compiled.Versions, async timeout =>
        {
            var from = Savepoint.Open(Path.Combine(SavepointFolder, name));
            await engine.StopAsync().ConfigureAwait(false);
            await engine.StartAsync(PatternSet.Compile(compiled.Set), version, Properties(version, Text(id)), SwapPolicy.Carry, from, timeout).ConfigureAwait(false);
            return engine.Job?.BegunWith;
        }).ConfigureAwait(false);
    });

    private static SavepointSummary? Describe(string folder)
    {
        try
        {
            var manifest = Savepoint.Open(folder).Manifest;
            var bytes = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
            return new SavepointSummary(Path.GetFileName(folder), manifest.Properties.TryGetValue(RuleEngine.VersionProperty, out var version) ? int.Parse(version, CultureInfo.InvariantCulture) : null, bytes);
        }
        catch (Exception e) when (e is CheckpointStoreException or CorruptSnapshotException)
        {
            // It was not completed.
            return null;
        }
    }
}
