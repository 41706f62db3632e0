using Microsoft.AspNetCore.StaticFiles;

namespace Cep.RulesService.Http;

/// <summary>The page for people, at <c>/</c>: files beside the program, which read and write by the REST interface alone.</summary>
internal static class WebPage
{
    /// <summary>Nothing but the page's own files runs, is shown or is asked; no other page frames it.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Serves it.</summary>
    public static void UseWebPage(this IApplicationBuilder app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = Protect });
    }

    private static void Protect(StaticFileResponseContext file)
    {
        var headers = file.Context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        // Asked for again each time, and sent again only where it has changed.
        headers.CacheControl = "no-cache";
    }
}
