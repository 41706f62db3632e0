using System.Security.Cryptography;
using System.Text;

namespace Cep.RulesService.Http;

/// <summary>Answers a post that comes again with the same <c>Idempotency-Key</c> as it did the first time, and does nothing a second time.</summary>
internal sealed class Idempotency(RequestDelegate next, IdempotencyStore store, LimitOptions limits)
{
    private const string Header = "Idempotency-Key";
    private const int KeyLengthMax = 200;

    /// <summary>The routes that take no such key: events are too many, and the secret of an API key is kept nowhere.</summary>
    private static readonly string[] Without = ["PostEvents", "CreateKey"];

    /// <summary>Answers 400, 409, 422 or as before, or goes on and keeps the answer.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var key = context.Request.Headers[Header].ToString();
        if (key.Length == 0 || !HttpMethods.IsPost(context.Request.Method) || context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        if (WhyNot(key, Security.RouteRoles.NameOf(endpoint)) is { } why)
        {
            await Answers.Problem(StatusCodes.Status400BadRequest, why).ExecuteAsync(context).ConfigureAwait(false);
            return;
        }
        var request = await DigestAsync(context).ConfigureAwait(false);
        var actor = context.Actor();
        if (store.Begin(actor, key, request) is not { } known)
            await AnswerAsync(context, actor, key).ConfigureAwait(false);
        else if (known.Request != request)
            await Answers.Problem(StatusCodes.Status422UnprocessableEntity, $"The `{Header}` came with another request before.").ExecuteAsync(context).ConfigureAwait(false);
        else if (known.Status is null)
            await Answers.Conflict(store.IsInProgress(actor, key) ? "The request with this `Idempotency-Key` is not answered yet."
                : "The service ended before it had answered the request with this `Idempotency-Key`; look whether it was done, and send it with another one if not.").ExecuteAsync(context).ConfigureAwait(false);
        else
            await ReplayAsync(context, known).ConfigureAwait(false);
    }

    private static string? WhyNot(string key, string? route) =>
        key.Length > KeyLengthMax || key.Any(c => c is < ' ' or > '~') ? $"An `{Header}` has 1 to {KeyLengthMax} printable ASCII characters."
        : Without.Contains(route) ? $"An `{Header}` is not taken here." : null;

    /// <summary>Reads the body, and leaves it to be read again.</summary>
    private async Task<string> DigestAsync(HttpContext context)
    {
        context.Request.EnableBuffering(64 * 1024, limits.BodyBytes + 1L);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}\n{context.Request.Headers.IfMatch}\n"));
        var buffer = new byte[16 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0;)
            hash.AppendData(buffer, 0, read);
        context.Request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task AnswerAsync(HttpContext context, string actor, string key)
    {
        var response = context.Response;
        var body = response.Body;
        using var kept = new MemoryStream();
        var isKept = false;
        try
        {
            response.Body = kept;
            await next(context).ConfigureAwait(false);
            // What was refused for the moment may come again.
            if (response.StatusCode is not (StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable))
            {
                store.Complete(actor, key, new StoredAnswer { Status = response.StatusCode, ContentType = response.ContentType, Location = response.Headers.Location, Etag = response.Headers.ETag, Body = kept.ToArray() });
                isKept = true;
            }
        }
        finally
        {
            response.Body = body;
            if (!isKept)
                store.Forget(actor, key);
        }
        await body.WriteAsync(kept.GetBuffer().AsMemory(0, (int)kept.Length), context.RequestAborted).ConfigureAwait(false);
    }

    private static Task ReplayAsync(HttpContext context, StoredAnswer known)
    {
        var response = context.Response;
        response.StatusCode = known.Status!.Value;
        response.ContentType = known.ContentType;
        response.Headers["Idempotency-Replayed"] = "true";
        if (known.Location is not null)
            response.Headers.Location = known.Location;
        if (known.Etag is not null)
            response.Headers.ETag = known.Etag;
        return known.Body is { Length: > 0 } body ? response.Body.WriteAsync(body, context.RequestAborted).AsTask() : Task.CompletedTask;
    }
}
