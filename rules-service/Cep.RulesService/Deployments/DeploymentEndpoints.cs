using System.ComponentModel;
using Cep.RulesService.Http;
using Cep.RulesService.Rules;
using Cep.Streaming.Swaps;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Cep.RulesService.Deployments;

/// <summary>How a version is deployed.</summary>
/// <param name="Policy">What becomes of the partial matches of rules that changed: <c>carry</c>, <c>reset</c> or <c>drain</c>; carry by default.</param>
internal sealed record DeploymentRequest(PartialMatchPolicy Policy = PartialMatchPolicy.Carry);

/// <summary>What a deployment would mean.</summary>
/// <param name="Version">The version.</param>
/// <param name="Live">The one that runs; null for none.</param>
/// <param name="IsPossible">Whether it can be deployed.</param>
/// <param name="Refused">Why not, whole sentences.</param>
/// <param name="Rules">What it means for each rule.</param>
internal sealed record DeploymentPlan(int Version, int? Live, bool IsPossible, IReadOnlyList<string> Refused, IReadOnlyList<RuleDeployment> Rules);

/// <summary><c>/deployments</c> and what goes with them: which version runs, and how it came to.</summary>
internal static class DeploymentEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void MapDeployments(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/rule-sets/{number:int}/deployments", Deploy).WithTags("Deployments").WithName("DeployRuleSet")
            .WithSummary("Puts a version in the place of the one that runs, in mid-stream. One that ran before is rolled back to so.");
        routes.MapGet("/rule-sets/{number:int}/plan", Plan).WithTags("Deployments").WithName("PlanDeployment").WithSummary("What it would mean to deploy a version: nothing is changed.");
        routes.MapGet("/deployments", List).WithTags("Deployments").WithName("ListDeployments").WithSummary("Deployments, from the newest on.");
        routes.MapGet("/deployments/{id:long}", Get).WithTags("Deployments").WithName("GetDeployment").WithSummary("A deployment.");
    }

    private static async Task<Results<Ok<Deployment>, ProblemHttpResult>> Deploy(
        int number, DeploymentRequest request, [FromHeader(Name = "If-Match")] string? ifMatch, RuleSetStore versions, Deployer deployer, HttpContext context)
    {
        if (versions.Find(number) is not { } version)
            return RuleSetEndpoints.NoVersion(number);
        if (ifMatch is null)
            return Answers.NoPrecondition();
        if (ifMatch != version.ETag)
            return Answers.Stale($"Version {number} has changed meanwhile; its `ETag` is {version.ETag} now.");
        var compilation = RuleSetCompilation.Of(versions.FilesOf(number));
        if (compilation.RuleSet is null)
            return RuleSetEndpoints.Wrong(compilation);
        return Answer(await deployer.DeployAsync(number, request.Policy, context.Actor()).ConfigureAwait(false));
    }

    /// <summary>What came of a deployment.</summary>
    public static Results<Ok<Deployment>, ProblemHttpResult> Answer(Deployment deployment) => deployment.Outcome switch
    {
        DeploymentOutcome.Done => TypedResults.Ok(deployment),
        DeploymentOutcome.Refused => Answers.Problem(StatusCodes.Status409Conflict, deployment.Detail!, new() { ["deployment"] = deployment }),
        _ => Answers.Problem(StatusCodes.Status500InternalServerError, deployment.Detail!, new() { ["deployment"] = deployment }),
    };

    private static Results<Ok<DeploymentPlan>, ProblemHttpResult> Plan(int number, [Description("carry, reset or drain; carry by default.")] string? policy, RuleSetStore versions, Deployer deployer)
    {
        if (!Enum.TryParse<PartialMatchPolicy>(policy ?? nameof(PartialMatchPolicy.Carry), ignoreCase: true, out var changed) || !Enum.IsDefined(changed))
            return Answers.Invalid(new() { ["policy"] = [$"`{policy}` is no policy; there are `carry`, `reset` and `drain`."] });
        if (versions.Find(number) is null)
            return RuleSetEndpoints.NoVersion(number);
        var compilation = RuleSetCompilation.Of(versions.FilesOf(number));
        if (compilation.RuleSet is null)
            return RuleSetEndpoints.Wrong(compilation);
        var plan = deployer.Plan(number, new SwapPolicy { Changed = changed });
        return TypedResults.Ok(new DeploymentPlan(number, versions.Live()?.Number, plan?.IsPossible ?? true, plan?.Refused ?? [], plan is null ? [] : RuleDeployment.Of(plan)));
    }

    private static Ok<Page<Deployment>> List(DeploymentStore store, long? before, int? limit) =>
        TypedResults.Ok(Page<Deployment>.Of(limit, n => store.Newest(before, n), d => d.Id));

    private static Results<Ok<Deployment>, ProblemHttpResult> Get(long id, DeploymentStore store) =>
        store.Find(id) is { } deployment ? TypedResults.Ok(deployment) : Answers.NotFound($"There is no deployment {id}.");
}
