using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Cep.RulesService.Http;

/// <summary>Answers a request that is none - a body that is not JSON, a number that is not one - with a problem document that says what is wrong with it.</summary>
internal sealed partial class BadRequestHandler(IProblemDetailsService problems) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancel)
    {
        if (exception is not BadHttpRequestException bad)
            return false;
        context.Response.StatusCode = bad.StatusCode;
        var detail = bad.InnerException is JsonException json ? WhatIsWrong(json) : WhatIsWrong(bad.Message);
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = { Status = bad.StatusCode, Detail = detail, Instance = context.Features.Get<IHttpRequestFeature>()?.Path },
        }).ConfigureAwait(false);
    }

    /// <summary>Lines and positions from 1, as everywhere; those of the exception count from 0.</summary>
    private static string WhatIsWrong(JsonException json)
    {
        var place = json.LineNumber is { } line && json.BytePositionInLine is { } position ? $" at line {line + 1}, byte {position + 1}" : "";
        var sentence = json.Message.Contains("could not be mapped to any", StringComparison.Ordinal) ? "There is no such member"
            : json.Message.Split(" Path: ", 2)[0].Split(" LineNumber: ", 2)[0].TrimEnd('.');
        return $"The body is not the JSON that was expected{place}{(json.Path is { Length: > 1 } path ? $", at {path}" : "")}: {sentence}.";
    }

    /// <summary>What the framework says of a parameter, without the names of its types.</summary>
    private static string WhatIsWrong(string message) =>
        UnboundParameter().Match(message) is { Success: true } unbound ? $"`{unbound.Groups["name"].Value}` is `{unbound.Groups["text"].Value}`, which is not what was expected there."
        : message.StartsWith("Implicit body inferred", StringComparison.Ordinal) ? "The body is not the JSON that was expected: it is empty." : message;

    [GeneratedRegex("^Failed to bind parameter \".* (?<name>[^ ]+)\" from \"(?<text>.*)\"\\.$", RegexOptions.Singleline)]
    private static partial Regex UnboundParameter();
}
