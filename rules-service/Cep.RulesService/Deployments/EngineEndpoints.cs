using Cep.RulesService.Audit;
using Cep.RulesService.Engine;
using Cep.RulesService.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cep.RulesService.Deployments;

/// <summary>On how many subtasks rules run.</summary>
/// <param name="Parallelism">1 to 128.</param>
internal sealed record RescaleRequest(int Parallelism);

/// <summary><c>/engine</c> and <c>/savepoints</c>: stopping, starting, and going back.</summary>
internal static class EngineEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void MapEngine(this IEndpointRouteBuilder routes)
    {
        var engine = routes.MapGroup("/engine").WithTags("Engine");
        engine.MapGet("/", (RuleEngine e) => TypedResults.Ok(e.Status)).WithName("GetEngine").WithSummary("How the engine is.");
        engine.MapPost("/pause", Pause).WithName("PauseEngine").WithSummary("Stops the engine with a checkpoint; events that come are kept for it.");
        engine.MapPost("/resume", Resume).WithName("ResumeEngine").WithSummary("Starts the engine where it was paused, or where it failed.");
        engine.MapPut("/parallelism", Rescale).WithName("RescaleEngine").WithSummary("Goes on with another number of subtasks.");
        var savepoints = routes.MapGroup("/savepoints").WithTags("Engine");
        savepoints.MapGet("/", (Deployer d) => TypedResults.Ok(d.Savepoints())).WithName("ListSavepoints").WithSummary("The savepoints that were taken.");
        savepoints.MapPost("/", Take).WithName("TakeSavepoint").WithSummary("Takes a savepoint; the stream does not stop for it.");
        savepoints.MapPost("/{name}/restoration", Restore).WithName("RestoreSavepoint")
            .WithSummary("Goes back to a savepoint, with its rules and partial matches. Events since are read again; alerts that were told are not told again.");
    }

    private static async Task<Results<Ok<EngineStatus>, ProblemHttpResult>> Pause(Deployer deployer, RuleEngine engine, AuditLog audit, HttpContext context) =>
        Done(await deployer.PauseAsync().ConfigureAwait(false), "pause", "The engine does not run, so it cannot be paused.", engine, audit, context);

    private static async Task<Results<Ok<EngineStatus>, ProblemHttpResult>> Resume(Deployer deployer, RuleEngine engine, AuditLog audit, HttpContext context) =>
        Done(await deployer.ResumeAsync().ConfigureAwait(false), "resume", engine.Status.Reason ?? "The engine is not paused.", engine, audit, context);

    private static async Task<Results<Ok<EngineStatus>, ProblemHttpResult>> Rescale(RescaleRequest request, Deployer deployer, RuleEngine engine, AuditLog audit, HttpContext context)
    {
        if (request.Parallelism is < 1 or > 128)
            return Answers.Invalid(new() { ["parallelism"] = [$"The number of subtasks is {request.Parallelism}; 1 to 128 was expected."] });
        await deployer.RescaleAsync(request.Parallelism).ConfigureAwait(false);
        return Done(true, $"rescale to {request.Parallelism}", "", engine, audit, context);
    }

    private static Results<Ok<EngineStatus>, ProblemHttpResult> Done(bool isDone, string action, string why, RuleEngine engine, AuditLog audit, HttpContext context)
    {
        audit.Add(context.Actor(), $"engine.{action}", "engine", isDone ? "done" : "refused", isDone ? null : why);
        return isDone ? TypedResults.Ok(engine.Status) : Answers.Conflict(why);
    }

    private static async Task<Results<Created<SavepointSummary>, ProblemHttpResult>> Take(Deployer deployer, AuditLog audit, HttpContext context)
    {
        try
        {
            var taken = await deployer.SavepointAsync().ConfigureAwait(false);
            audit.Add(context.Actor(), "savepoint.take", $"savepoint/{taken.Name}", "done");
            return TypedResults.Created($"/api/v1/savepoints/{taken.Name}", taken);
        }
        catch (InvalidOperationException e)
        {
            return Answers.Conflict(e.Message);
        }
    }

    private static async Task<Results<Ok<Deployment>, ProblemHttpResult>> Restore(string name, Deployer deployer, HttpContext context) =>
        await deployer.RestoreAsync(name, context.Actor()).ConfigureAwait(false) is { } deployment ? DeploymentEndpoints.Answer(deployment) : Answers.NotFound($"There is no savepoint `{name}`.");
}
