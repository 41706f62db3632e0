using Cep.RulesService.Http;

namespace Cep.RulesService.Audit;

/// <summary><c>/audit</c>: who did what, when.</summary>
internal static class AuditEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/audit").WithTags("Audit");
        audit.MapGet("/", (AuditLog log, long? before, int? limit) => TypedResults.Ok(Page<AuditEntry>.Of(limit, n => log.Newest(before, n), e => e.Sequence)))
            .WithName("ListAudit").WithSummary("Who did what, when, and what came of it; from the newest on.");
        audit.MapGet("/verification", (AuditLog log) => TypedResults.Ok(log.Verify()))
            .WithName("VerifyAudit").WithSummary("Whether all entries are as they were written: the chain of hashes is computed again.");
    }
}
