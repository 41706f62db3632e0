using System.Text;
using Cep.RulesService.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cep.RulesService.Operations;

/// <summary>How the service is.</summary>
/// <param name="Parts">Its parts.</param>
internal sealed record ReadinessAnswer(IReadOnlyList<PartReadiness> Parts);

/// <summary><c>/health</c> and <c>/metrics</c>: what runs the service looks at.</summary>
internal static class OperationsEndpoints
{
    private const string PrometheusText = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Adds the routes.</summary>
    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        // Figures are kept from the start on, and not from when they are first asked for.
        routes.ServiceProvider.GetRequiredService<MetricsCollector>();
        var group = routes.MapGroup("").WithTags("Operations");
        group.MapGet("/health/live", () => TypedResults.Text("live")).Produces<string>(StatusCodes.Status200OK, "text/plain").WithName("GetLiveness").WithSummary("Whether the process answers; where it does not, it is to be started anew.");
        group.MapGet("/health/ready", Ready).WithName("GetReadiness").WithSummary("Whether the service does its work: the engine runs, has taken a checkpoint, and the disk can be written to.");
        group.MapGet("/metrics", (MetricsCollector metrics) => TypedResults.Text(PrometheusWriter.Write(metrics.Collect()), PrometheusText, Encoding.UTF8))
            .Produces<string>(StatusCodes.Status200OK, "text/plain").WithName("GetMetrics").WithSummary("The figures, as text for Prometheus.");
    }

    private static Results<Ok<ReadinessAnswer>, ProblemHttpResult> Ready(Readiness readiness)
    {
        var parts = readiness.Parts();
        var missing = parts.Where(p => !p.IsReady).ToList();
        return missing.Count == 0 ? TypedResults.Ok(new ReadinessAnswer(parts)) : Answers.Problem(
            StatusCodes.Status503ServiceUnavailable, string.Join(' ', missing.Select(p => $"Not ready: {p.Part}. {p.Reason}")), new() { ["parts"] = parts });
    }
}
