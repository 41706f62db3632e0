namespace Cep.RulesService.Http;

/// <summary>Who asks.</summary>
internal static class Actors
{
    /// <summary>The name of the API key that a request came with; <c>local</c> where the service asks for none.</summary>
    public static string Actor(this HttpContext context) => context.User.Identity?.Name ?? "local";
}
