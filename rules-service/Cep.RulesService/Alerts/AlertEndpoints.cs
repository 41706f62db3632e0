using Cep.RulesService.Audit;
using Cep.RulesService.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cep.RulesService.Alerts;

/// <summary><c>/alerts</c>: what the rules told.</summary>
internal static class AlertEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void MapAlerts(this IEndpointRouteBuilder routes)
    {
        var alerts = routes.MapGroup("/alerts").WithTags("Alerts");
        alerts.MapGet("/", List).WithName("ListAlerts").WithSummary("Alerts, from the newest on.");
        alerts.MapGet("/{id}", Get).WithName("GetAlert").WithSummary("An alert, with its events and why it matched.");
        alerts.MapPost("/{id}/acknowledgement", Acknowledge).WithName("AcknowledgeAlert").WithSummary("Notes that somebody has looked at an alert.");
    }

    private static Ok<Page<Alert>> List(AlertStore store, string? rule, string? severity, bool? acknowledged, long? before, int? limit) =>
        TypedResults.Ok(Page<Alert>.Of(limit, n => store.Newest(new AlertFilter(rule, severity, acknowledged, before), n), a => a.Place));

    private static Results<Ok<Alert>, ProblemHttpResult> Get(string id, AlertStore store) => Found(id, store.Find(id));

    private static Results<Ok<Alert>, ProblemHttpResult> Acknowledge(string id, AlertStore store, AuditLog audit, HttpContext context)
    {
        var alert = store.Acknowledge(id, context.Actor());
        if (alert is not null)
            audit.Add(context.Actor(), "alert.acknowledge", $"alert/{id}", "done");
        return Found(id, alert);
    }

    /// <summary>404.</summary>
    public static ProblemHttpResult NoAlert(string id) => Answers.NotFound($"There is no alert `{id}`.");

    private static Results<Ok<Alert>, ProblemHttpResult> Found(string id, Alert? alert) =>
        alert is null ? NoAlert(id) : TypedResults.Ok(alert);
}
