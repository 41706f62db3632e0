using System.Globalization;
using System.Text.Json;
using Cep.Engine.Connectors.EventLogs;
using Cep.Events;
using Cep.RulesService.Engine;
using Cep.RulesService.Http;
using Cep.RulesService.Streams;
using Cep.Rules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cep.RulesService.Ingest;

/// <summary>What is wrong with an event.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Reason">A whole sentence.</param>
internal sealed record EventProblem(int Index, string Reason);

/// <summary>What became of the events of a request. Those that were accepted are on the disk.</summary>
/// <param name="Accepted">How many were.</param>
/// <param name="Refused">How many were not.</param>
/// <param name="FirstOffset">The place of the first of them in the stream's log; null for none. The others follow it.</param>
/// <param name="Problems">What is wrong with the others, at most 100.</param>
internal sealed record IngestResult(int Accepted, int Refused, long? FirstOffset, IReadOnlyList<EventProblem> Problems);

/// <summary>A stream that the live rule set declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fields">Its fields.</param>
/// <param name="Events">How many events its log holds.</param>
internal sealed record StreamSummary(string Name, IReadOnlyList<StreamField> Fields, long Events);

/// <summary>A field of a stream.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsOptional">Whether it may be missing or null.</param>
internal sealed record StreamField(string Name, FieldType Type, bool IsOptional);

/// <summary><c>/streams</c>: where events come in.</summary>
internal static class IngestEndpoints
{
    private const int ProblemsMax = 100;

    /// <summary>Adds the routes.</summary>
    public static void MapIngest(this IEndpointRouteBuilder routes)
    {
        var streams = routes.MapGroup("/streams").WithTags("Streams");
        streams.MapGet("/", List).WithName("ListStreams").WithSummary("The streams of the rule set that runs.");
        streams.MapPost("/{name}/events", Post).WithName("PostEvents").WithSummary("Takes events: as JSON, JSON lines or CloudEvents. What is accepted is on the disk.")
            .Accepts<JsonElement>("application/json", "application/x-ndjson", "application/cloudevents+json", "application/cloudevents-batch+json");
    }

    private static Ok<IReadOnlyList<StreamSummary>> List(RuleEngine engine, StreamLogs logs) => TypedResults.Ok<IReadOnlyList<StreamSummary>>(engine.Streams.Select(s =>
    {
        var log = logs.Of(s.Name);
        return new StreamSummary(s.Name, s.EventType.Fields.Select(f => new StreamField(f.Name, f.Type, f.IsOptional)).ToList(), log.NextOffset - log.FirstOffset);
    }).ToList());

    /// <param name="partial">Whether the good events of a request are kept where others are not; by default none is then.</param>
    private static async Task<Results<Ok<IngestResult>, ProblemHttpResult>> Post(string name, bool? partial, RuleEngine engine, StreamLogs logs, HttpContext context)
    {
        if (engine.Streams.FirstOrDefault(s => s.Name == name) is not { } stream)
            return Answers.NotFound($"The rule set that runs has no stream `{name}`.");
        if (EventBodies.FormatOf(context.Request.ContentType) is not { } format)
            return Answers.Problem(StatusCodes.Status415UnsupportedMediaType, $"Events come as `application/json`, `application/x-ndjson` or `application/cloudevents+json`, and not as `{context.Request.ContentType}`.");
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        List<ReadOnlyMemory<byte>> events;
        try
        {
            events = EventBodies.Cut(body.GetBuffer().AsMemory(0, (int)body.Length), format);
        }
        catch (JsonException e)
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, $"The body is no JSON, so none of it is kept: {e.Message}");
        }
        return await Append(stream, logs.Of(name), events, partial ?? false, context).ConfigureAwait(false);
    }

    private static async Task<Results<Ok<IngestResult>, ProblemHttpResult>> Append(StreamDefinition stream, EventLog log, List<ReadOnlyMemory<byte>> events, bool keepsGood, HttpContext context)
    {
        var good = Check(stream, log, events, out var problems);
        var refused = events.Count - good.Count;
        if (events.Count == 0 || (refused > 0 && (!keepsGood || good.Count == 0)))
        {
            var detail = events.Count == 0 ? "There is no event in the body." : $"{refused} of {events.Count} events {(refused == 1 ? "is" : "are")} not as `{stream.Name}` declares them; none is kept.";
            return Answers.Problem(StatusCodes.Status422UnprocessableEntity, detail, new() { ["problems"] = problems });
        }
        ValueTask<long> appended;
        try
        {
            if (!log.TryAppend(good, out appended))
            {
                context.Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
                return Answers.Problem(StatusCodes.Status429TooManyRequests, "More events wait for the disk than may; none of these is kept. Send them again after a second.");
            }
        }
        catch (ArgumentException e)
        {
            return Answers.Problem(StatusCodes.Status413PayloadTooLarge, e.Message);
        }
        var first = await appended.ConfigureAwait(false);
        return TypedResults.Ok(new IngestResult(good.Count, refused, first, problems));
    }

    private static List<ReadOnlyMemory<byte>> Check(StreamDefinition stream, EventLog log, List<ReadOnlyMemory<byte>> events, out List<EventProblem> problems)
    {
        var reader = new JsonEventReader(stream.EventType);
        var good = new List<ReadOnlyMemory<byte>>(events.Count);
        problems = [];
        for (var i = 0; i < events.Count; i++)
        {
            string? error = null;
            if (events[i].Length <= log.MaxEntryBytes && reader.TryRead(events[i].Span, out _, out _, out error))
                good.Add(events[i]);
            else if (problems.Count < ProblemsMax)
                problems.Add(new EventProblem(i, error ?? $"It has {events[i].Length} bytes, more than the limit of {log.MaxEntryBytes}."));
        }
        return good;
    }
}
