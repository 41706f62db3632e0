using Cep.RulesService.Http;

namespace Cep.RulesService.Security;

/// <summary>Refuses what a foreign page can have the browser of somebody who may send: by a name that it has made point here, or with a request across origins.</summary>
internal sealed class BrowserGuard(RequestDelegate next, ApiKeyStore keys, SecurityOptions options)
{
    private static readonly string[] OwnNames = ["127.0.0.1", "localhost", "[::1]"];

    /// <summary>Sets the headers, and answers 421 or 403, or goes on.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(SetHeaders, context.Response.Headers);
        var request = context.Request;
        IReadOnlyList<string> names = options.Hosts.Length > 0 ? options.Hosts : keys.IsOpen ? OwnNames : [];
        if (names.Count > 0 && !names.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
            return Answers.Problem(StatusCodes.Status421MisdirectedRequest, $"The service is not called `{request.Host.Host}`; `Cep:Security:Hosts` names what it is called.").ExecuteAsync(context);
        if (Changes(request.Method) && IsForeign(request))
            return Answers.Problem(StatusCodes.Status403Forbidden, "A page of another origin may not change anything; `Cep:Security:Origins` names those that may.").ExecuteAsync(context);
        return next(context);
    }

    private static bool Changes(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    private bool IsForeign(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (options.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return false;
        // Programs send none of the two.
        return origin.Length > 0
            ? !Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
            : request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
    }

    private static Task SetHeaders(object state)
    {
        var headers = (IHeaderDictionary)state;
        // Nothing but the page's own files runs, is shown or is asked; no other page frames it.
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
