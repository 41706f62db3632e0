using Cep.RulesService.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Cep.RulesService.Http;

/// <summary>Adds to each operation of the OpenAPI document what all have: their problem documents, and the role that they need.</summary>
internal sealed class OpenApiDescriptions : IOpenApiOperationTransformer
{
    /// <inheritdoc/>
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellationToken).ConfigureAwait(false);
        operation.Responses ??= [];
        void Add(string status, string description) => operation.Responses.TryAdd(status, new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = problem } },
        });
        Add("400", "The request is none: a number or a body is not what was expected.");
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().FirstOrDefault() is { } name && RouteRoles.Of(name.EndpointName) is { } role)
        {
            Add("401", "The API key is missing, or is none.");
            Add("403", $"The API key has not the role `{role.ToString().ToLowerInvariant()}`.");
            Add("429", "The API key has as many requests at once as it may.");
            operation.Description = $"Needs the role `{role.ToString().ToLowerInvariant()}`.";
        }
        if (operation.Parameters?.Any(p => p.In == ParameterLocation.Path) == true)
            Add("404", "There is no such thing.");
        Add("default", "Any other problem, in a sentence.");
    }
}
