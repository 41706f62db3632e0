using System.Globalization;
using Cep.RulesService.Engine;
using Cep.RulesService.Rules;
using Cep.Streaming;
using Cep.Streaming.Swaps;

namespace Cep.RulesService.Deployments;

/// <summary>Puts versions of the rule set into the engine, one after the other, and the engine to work when the service starts.</summary>
/// <remarks>
/// What runs is what the last complete checkpoint says: a deployment is done when a checkpoint that has its number is complete. Where the service ends in between,
/// it finds out when it starts again which of the two was the case.
/// </remarks>
internal sealed partial class Deployer(RuleEngine engine, RuleSetStore versions, DeploymentStore deployments, EngineSettings settings, ServiceOptions options, TimeProvider time, ILogger<Deployer> log) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancel)
    {
        var latest = engine.LatestCheckpoint();
        var runs = latest?.Properties.GetValueOrDefault(RuleEngine.DeploymentProperty);
        foreach (var pending in deployments.Pending())
        {
            if (runs == Text(pending.Id) && Compile(pending.Version) is { } done)
                deployments.Complete(pending.Id, null, pending.Rules, done.Versions, isRecovered: pending.Previous is not null);
            else
                deployments.GiveUp(pending.Id, DeploymentOutcome.Failed, "The service ended before it was carried out.", pending.Rules);
        }
        if (versions.Live() is { } live)
            _ = engine.AloneAsync(() => StartLiveAsync(live.Number, runs));
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancel)
    {
        try
        {
            await engine.StopAsync().WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            log.LogWarning("The engine did not stop within {Timeout}; it goes on from its last checkpoint when the service starts again", options.ShutdownTimeout);
        }
    }

    /// <summary>What it would mean to deploy a version.</summary>
    /// <returns>The plan; null where nothing runs whose place it would take. Null too where the version has errors.</returns>
    public SwapPlan? Plan(int number, SwapPolicy policy) => Compile(number) is { } next ? engine.Plan(PatternSet.Compile(next.Set), policy) : null;

    /// <summary>Deploys a version.</summary>
    /// <param name="number">Which; it exists, and has no errors.</param>
    /// <param name="policy">What becomes of the partial matches of rules that changed.</param>
    /// <param name="actor">Who asks for it.</param>
    /// <returns>What came of it, once that is certain.</returns>
    public Task<Deployment> DeployAsync(int number, PartialMatchPolicy policy, string actor) => engine.AloneAsync(async () =>
    {
        var id = deployments.Begin(number, policy, actor);
        if (Compile(number) is not var (set, ruleVersions))
            return deployments.GiveUp(id, DeploymentOutcome.Refused, "The rules have errors.", []);
        if (!set.LiveRules.Any())
            return deployments.GiveUp(id, DeploymentOutcome.Refused, "No rule would run: there is none, or all are drafts.", []);
        if (engine.Status.State == EngineState.Paused)
            return deployments.GiveUp(id, DeploymentOutcome.Refused, "The engine is paused; it is to be resumed first.", []);
        if (RuleSetTests.Run(set, RuleSetCompilation.Of(versions.FilesOf(number)).Tests) is { Failed: > 0 } tests)
            return deployments.GiveUp(id, DeploymentOutcome.Refused, tests.FailuresInWords, []);
        return await EndAsync(id, ruleVersions, timeout => CarryOutAsync(PatternSet.Compile(set), number, id, new SwapPolicy { Changed = policy }, timeout)).ConfigureAwait(false);
    });

    /// <summary>Carries a deployment out, and notes what came of it.</summary>
    private async Task<Deployment> EndAsync(long id, IReadOnlyList<RuleVersion> ruleVersions, Func<CancellationToken, Task<SwapPlan?>> carryOut)
    {
        try
        {
            using var timeout = new CancellationTokenSource(options.Engine.DeploymentTimeout);
            var plan = await carryOut(timeout.Token).ConfigureAwait(false);
            if (plan is { IsPossible: false })
                return deployments.GiveUp(id, DeploymentOutcome.Refused, string.Join(' ', plan.Refused), []);
            return deployments.Complete(id, plan?.WatermarkMs, plan is null ? [] : RuleDeployment.Of(plan), ruleVersions);
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException or IOException or ArgumentException)
        {
            log.LogError(e, "Deployment {Deployment} failed", id);
            var why = e is OperationCanceledException ? $"It took longer than {options.Engine.DeploymentTimeout}." : e.InnerException?.Message ?? e.Message;
            return deployments.GiveUp(id, DeploymentOutcome.Failed, why, []);
        }
    }

    /// <returns>The plan that was carried out; null where nothing ran before.</returns>
    private async Task<SwapPlan?> CarryOutAsync(PatternSet next, int number, long deployment, SwapPolicy policy, CancellationToken cancel)
    {
        var properties = Properties(number, Text(deployment));
        if (engine.Job is not { } job)
        {
            await engine.StartAsync(next, number, properties, policy, cancel: cancel).ConfigureAwait(false);
            return null;
        }
        if (engine.HasStreamsOf(next))
            return await engine.SwapAsync(next, number, policy, properties, cancel).ConfigureAwait(false);
        // Other streams: the job that reads them begins from the last checkpoint of the one that does not.
        var (before, versionBefore) = (job.Patterns, engine.Status.Version!.Value);
        await engine.StopAsync().ConfigureAwait(false);
        try
        {
            await engine.StartAsync(next, number, properties, policy, cancel: cancel).ConfigureAwait(false);
            return engine.Job?.BegunWith;
        }
        catch (Exception)
        {
            log.LogWarning("Version {Version} did not start; version {Before} goes on", number, versionBefore);
            await engine.StopAsync().ConfigureAwait(false);
            await engine.StartAsync(before, versionBefore, Properties(versionBefore, null), SwapPolicy.Carry, cancel: CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private (Cep.Rules.RuleSet Set, IReadOnlyList<RuleVersion> Versions)? Compile(int number) =>
        RuleSetCompilation.Of(versions.FilesOf(number)).RuleSet is { } set ? RuleVersion.Assign(set, number, deployments.RuleVersions()) : null;

    /// <summary>Starts the engine with the version that is live; how that went, its status says.</summary>
    /// <param name="number">The version.</param>
    /// <param name="deployment">The deployment that its checkpoints name; null for none.</param>
    private async Task<bool> StartLiveAsync(int number, string? deployment)
    {
        try
        {
            if (Compile(number) is { } compiled)
                await engine.StartAsync(PatternSet.Compile(compiled.Set), number, Properties(number, deployment), SwapPolicy.Carry).ConfigureAwait(false);
            return true;
        }
        catch (Exception e)
        {
            log.LogError(e, "The engine did not start");
            return false;
        }
    }

    private static Dictionary<string, string> Properties(int number, string? deployment)
    {
        var properties = new Dictionary<string, string> { [RuleEngine.VersionProperty] = number.ToString(CultureInfo.InvariantCulture) };
        if (deployment is not null)
            properties.Add(RuleEngine.DeploymentProperty, deployment);
        return properties;
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
