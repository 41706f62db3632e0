using Cep.RulesService.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cep.RulesService.Security;

/// <summary><c>/keys</c>: who may ask the service.</summary>
internal static class KeyEndpoints
{
    private const int NameLengthMax = 100;

    /// <summary>Adds the routes.</summary>
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/keys").WithTags("Keys");
        keys.MapGet("/", (ApiKeyStore store) => TypedResults.Ok(store.All())).WithName("ListKeys").WithSummary("The API keys, without their secrets; the revoked ones too.");
        keys.MapPost("/", Create).WithName("CreateKey").WithSummary("Makes an API key. Its secret is told this once.");
        keys.MapDelete("/{id}", Revoke).WithName("RevokeKey").WithSummary("Makes a key count no more.");
    }

    private static Results<Created<ApiKeyCreated>, ProblemHttpResult> Create(ApiKeyRequest request, ApiKeyStore store, HttpContext context)
    {
        if (request.Name is not { Length: >= 1 and <= NameLengthMax } || !request.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@'))
            return Answers.Invalid(new() { ["name"] = [$"The name of a key has 1 to {NameLengthMax} characters: letters, digits and `. _ - @`."] });
        if (!Enum.IsDefined(request.Role))
            return Answers.Invalid(new() { ["role"] = [$"There is no role {(int)request.Role}."] });
        context.Response.Headers.CacheControl = "no-store";
        var (created, why) = store.Create(request, context.Actor());
        return created is null ? Answers.Conflict(why!) : TypedResults.Created($"/api/v1/keys/{created.Key.Id}", created);
    }

    private static Results<NoContent, ProblemHttpResult> Revoke(string id, ApiKeyStore store, HttpContext context) => store.Revoke(id, context.Actor()) switch
    {
        (false, _) => Answers.NotFound($"There is no key `{id}` that counts."),
        (true, { } why) => Answers.Conflict(why),
        _ => TypedResults.NoContent(),
    };
}
