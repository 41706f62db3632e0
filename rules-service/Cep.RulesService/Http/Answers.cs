using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Cep.RulesService.Http;

/// <summary>The problem documents (RFC 9457) of the service, each a whole sentence.</summary>
internal static class Answers
{
    /// <summary>404.</summary>
    public static ProblemHttpResult NotFound(string detail) => Problem(StatusCodes.Status404NotFound, detail);

    /// <summary>409: it cannot be done as things stand.</summary>
    public static ProblemHttpResult Conflict(string detail) => Problem(StatusCodes.Status409Conflict, detail);

    /// <summary>412: what was read has changed since.</summary>
    public static ProblemHttpResult Stale(string detail) => Problem(StatusCodes.Status412PreconditionFailed, detail);

    /// <summary>428: a change says which state it was made of.</summary>
    public static ProblemHttpResult NoPrecondition() =>
        Problem(StatusCodes.Status428PreconditionRequired, "A change needs the header `If-Match` with the `ETag` of what it changes, as it was read.");

    /// <summary>A problem with more members.</summary>
    public static ProblemHttpResult Problem(int status, string detail, Dictionary<string, object?>? members = null) =>
        TypedResults.Problem(new ProblemDetails { Status = status, Detail = detail, Extensions = members ?? [] });

    /// <summary>400, by the member of the request that is wrong.</summary>
    public static ProblemHttpResult Invalid(Dictionary<string, string[]> problems) =>
        Problem(StatusCodes.Status400BadRequest, string.Join(' ', problems.SelectMany(p => p.Value)), new() { ["errors"] = problems });
}
