using System.Globalization;
using Cep.RulesService.Http;
using Microsoft.AspNetCore.Mvc;

namespace Cep.RulesService.Alerts;

/// <summary><c>/alerts/stream</c>: alerts as they are told.</summary>
internal static class AlertStreamEndpoint
{
    /// <summary>Adds the route.</summary>
    public static void MapAlertStream(this IEndpointRouteBuilder routes) => routes.MapGet("/alerts/stream", Stream)
        .WithTags("Alerts").WithName("StreamAlerts").WithSummary("Alerts as they are told, as server-sent events: those after `Last-Event-ID` or `after`, and from now on where neither is given.")
        .Produces<string>(StatusCodes.Status200OK, "text/event-stream").ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> Stream(
        AlertStream stream, AlertStore store, HttpContext context, [FromHeader(Name = "Last-Event-ID")] string? lastEventId, long? after, string? rule, string? severity, CancellationToken gone)
    {
        long place = 0;
        if (!string.IsNullOrEmpty(lastEventId) && !long.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out place))
            return Answers.Invalid(new() { ["Last-Event-ID"] = [$"`Last-Event-ID` is `{lastEventId}`; the place of an alert, a whole number, was expected."] });
        var from = !string.IsNullOrEmpty(lastEventId) ? place : after ?? store.LastPlace();
        await stream.WriteAsync(context.Response, from, new AlertFilter(rule, severity, IsAcknowledged: null, Before: null), gone).ConfigureAwait(false);
        return Results.Empty;
    }
}
