using System.Net;
using Cep.RulesService.Security;
using Cep.RulesService.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Cep.RulesService.Tests.Security;

public sealed class RouteRolesTests
{
    [Fact]
    public async Task Every_route_is_in_the_table_of_roles()
    {
        await using var service = await RunningService.StartAsync();
        Assert.Equal([], RoutesOf(service).Where(r => !RouteRoles.Has(r)).Select(r => r.DisplayName));
    }

    [Fact]
    public async Task Every_route_lets_in_the_roles_that_may_and_nobody_else()
    {
        await using var service = await RunningService.StartAsync();
        var keys = new Dictionary<Role, string> { [Role.Admin] = service.Key = await service.MakeKeyAsync("admin") };
        foreach (var role in new[] { Role.Ingest, Role.Viewer, Role.Author, Role.Operator })
            keys[role] = await service.MakeKeyAsync(role.ToString().ToLowerInvariant());
        var wrong = keys[Role.Admin][..^1] + (keys[Role.Admin][^1] == 'A' ? 'B' : 'A');
        foreach (var route in RoutesOf(service))
        {
            var needed = RouteRoles.Of(route);
            await CheckAsync(service, route, null, needed is null ? null : HttpStatusCode.Unauthorized);
            await CheckAsync(service, route, wrong, needed is null ? null : HttpStatusCode.Unauthorized);
            foreach (var (role, key) in keys)
                await CheckAsync(service, route, key, needed is null || IsIn(role, needed.Value) ? null : HttpStatusCode.Forbidden);
        }
    }

    /// <summary>Written out, and not taken from what is tested.</summary>
    private static bool IsIn(Role role, Role needed) => needed switch
    {
        Role.Ingest => role is Role.Ingest or Role.Operator or Role.Admin,
        Role.Viewer => role is Role.Viewer or Role.Author or Role.Operator or Role.Admin,
        Role.Author => role is Role.Author or Role.Operator or Role.Admin,
        Role.Operator => role is Role.Operator or Role.Admin,
        _ => role is Role.Admin,
    };

    /// <param name="refused">How it is refused; null where it is let in, whatever comes of it.</param>
    private static async Task CheckAsync(RunningService service, RouteEndpoint route, string? key, HttpStatusCode? refused)
    {
        service.Key = key;
        using var request = new HttpRequestMessage(MethodOf(route), new Uri(service.Root, PathOf(route)));
        using var response = await service.SendAsync(request);
        var what = $"{request.Method} {request.RequestUri!.AbsolutePath} {key}: {(int)response.StatusCode}";
        if (refused is { } status)
            Assert.True(response.StatusCode == status, what);
        else
            Assert.False(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, what);
        Assert.Equal(refused == HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Count > 0);
    }

    private static List<RouteEndpoint> RoutesOf(RunningService service) =>
        service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(r => RouteRoles.NameOf(r) != "StreamAlerts").ToList();

    private static HttpMethod MethodOf(RouteEndpoint route) => HttpMethod.Parse(route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]);

    /// <summary>Nothing has this number or name, so that a request that is let in changes nothing.</summary>
    private static string PathOf(RouteEndpoint route) => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p =>
        p is RoutePatternLiteralPart literal ? literal.Content : p is RoutePatternSeparatorPart separator ? separator.Content : p is RoutePatternParameterPart { Name: "documentName" } ? "v1" : "999999"))));
}
