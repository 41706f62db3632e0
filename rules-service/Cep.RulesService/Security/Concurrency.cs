using System.Globalization;
using System.Threading.RateLimiting;
using Cep.RulesService.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Cep.RulesService.Security;

/// <summary>Bounds how many requests of one API key are answered at once.</summary>
internal static class Concurrency
{
    /// <summary>None waits: what is beyond the limit is told so, and comes again. Routes that need no key are not counted.</summary>
    public static RateLimiterOptions Of(LimitOptions limits) => new()
    {
        GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.GetEndpoint() is { } endpoint && RouteRoles.Of(endpoint) is null
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetConcurrencyLimiter(context.Actor(), _ => new ConcurrencyLimiterOptions { PermitLimit = limits.ConcurrentRequests })),
        OnRejected = (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
            return new ValueTask(Answers.Problem(StatusCodes.Status429TooManyRequests, $"At most {limits.ConcurrentRequests} requests of an API key are answered at once; send it again after a second.").ExecuteAsync(rejected.HttpContext));
        },
    };
}
