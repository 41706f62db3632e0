using Cep.RulesService.Alerts;
using Cep.RulesService.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cep.RulesService.Deliveries;

/// <summary>How many deliveries were asked for.</summary>
/// <param name="Deliveries">The number.</param>
internal sealed record RedeliveryCount(int Deliveries);

/// <summary><c>/deliveries</c> and those of an alert: where alerts went, and what was given up.</summary>
internal static class DeliveryEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void MapDeliveries(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/").WithTags("Deliveries");
        group.MapGet("/deliveries", List).WithName("ListDeliveries").WithSummary("Deliveries of alerts to sinks, from the newest on.");
        group.MapPost("/deliveries/redelivery", RedeliverDead).WithName("RedeliverDead").WithSummary("Delivers what was given up for a sink again.");
        group.MapGet("/alerts/{id}/deliveries", OfAlert).WithName("ListDeliveriesOfAlert").WithSummary("Where an alert went, or is to go.");
        group.MapPost("/alerts/{id}/redelivery", Redeliver).WithName("RedeliverAlert")
            .WithSummary("Delivers an alert again, with the same id: to one sink, or to all those to which it went.");
    }

    private static Results<Ok<Page<Delivery>>, ProblemHttpResult> List(DeliveryStore store, string? state, string? sink, long? before, int? limit)
    {
        var states = Enum.GetValues<DeliveryState>().ToDictionary(NameOf);
        if (state is not null && !states.ContainsKey(state))
            return Answers.Invalid(new() { ["state"] = [$"`state` is `{state}`; {string.Join(", ", states.Keys.Select(s => $"`{s}`"))} are known."] });
        DeliveryState? asked = state is null ? null : states[state];
        return TypedResults.Ok(Page<Delivery>.Of(limit, n => store.Newest(new DeliveryFilter(asked, sink, before), n), d => d.Number));
    }

    private static string NameOf(DeliveryState state) => state.ToString().ToLowerInvariant();

    private static Results<Ok<IReadOnlyList<Delivery>>, ProblemHttpResult> OfAlert(string id, AlertStore alerts, DeliveryStore store) =>
        alerts.Find(id) is null ? AlertEndpoints.NoAlert(id) : TypedResults.Ok(store.Of(id));

    private static Results<Accepted<IReadOnlyList<Delivery>>, ProblemHttpResult> Redeliver(
        string id, string? sink, AlertStore alerts, DeliveryStore store, ServiceOptions options, HttpContext context)
    {
        if (alerts.Find(id) is null)
            return AlertEndpoints.NoAlert(id);
        if (sink is not null && !options.Alerts.Sinks.ContainsKey(sink))
            return NoSink(sink);
        var asked = store.Redeliver(id, sink, context.Actor());
        return asked.Count == 0 ? Answers.Conflict("The alert was routed to no sink that is configured; `sink` names one.") : TypedResults.Accepted((string?)null, asked);
    }

    private static Results<Accepted<RedeliveryCount>, ProblemHttpResult> RedeliverDead(string sink, DeliveryStore store, ServiceOptions options, HttpContext context) =>
        options.Alerts.Sinks.ContainsKey(sink) ? TypedResults.Accepted((string?)null, new RedeliveryCount(store.RedeliverDead(sink, context.Actor()))) : NoSink(sink);

    private static ProblemHttpResult NoSink(string sink) => Answers.NotFound($"There is no sink `{sink}`.");
}
