using System.Net;
using System.Security.Claims;
using Cep.RulesService.Http;

namespace Cep.RulesService.Security;

/// <summary>Lets a request through if its API key has the role that the route needs.</summary>
internal sealed class AccessControl(RequestDelegate next, ApiKeyStore keys)
{
    private const string Scheme = "Bearer ";

    /// <summary>Answers 401 or 403, or goes on with the key's name as the actor.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        // Where no route fits there is nothing to protect: 404 or 405 follows.
        if (context.GetEndpoint() is not RouteEndpoint endpoint || RouteRoles.Of(endpoint) is not { } needed)
            return next(context);
        if (keys.IsOpen)
            return IsLocal(context) ? next(context) : Refuse(context, StatusCodes.Status403Forbidden, "As long as there is no API key, only the machine itself is served.");
        if (KeyOf(context.Request) is not { } text)
            return Unauthorized(context, "", "An API key is needed, as `Authorization: Bearer KEY`.");
        if (keys.Verify(text) is not { } key)
            return Unauthorized(context, ", error=\"invalid_token\"", "The API key is none, or was revoked.");
        if (!key.Role.May(needed))
            return Refuse(context, StatusCodes.Status403Forbidden, $"The key `{key.Name}` has the role `{key.Role.ToString().ToLowerInvariant()}`; this needs `{needed.ToString().ToLowerInvariant()}`.");
        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, key.Name)], "ApiKey"));
        return next(context);
    }

    private static Task Unauthorized(HttpContext context, string error, string detail)
    {
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"cep\"{error}";
        return Refuse(context, StatusCodes.Status401Unauthorized, detail);
    }

    private static Task Refuse(HttpContext context, int status, string detail) => Answers.Problem(status, detail).ExecuteAsync(context);

    private static string? KeyOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim()
        : request.Headers["X-Api-Key"].ToString() is { Length: > 0 } key ? key : null;

    /// <summary>The address that was connected to, not the one that it came from: behind a forwarder both would be local, and the start refuses such addresses.</summary>
    private static bool IsLocal(HttpContext context) => context.Connection.LocalIpAddress is { } address && IPAddress.IsLoopback(address);
}
