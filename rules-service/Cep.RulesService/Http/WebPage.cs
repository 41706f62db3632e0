namespace Cep.RulesService.Http;

/// <summary>The page for people, at <c>/</c>: files beside the program, which read and write by the REST interface alone.</summary>
internal static class WebPage
{
    /// <summary>Serves it.</summary>
    public static void UseWebPage(this IApplicationBuilder app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            // Asked for again each time, and sent again only where it has changed.
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
    }
}
