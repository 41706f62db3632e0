using Cep.RulesService.Http;
using Microsoft.Extensions.Options;

namespace Cep.RulesService.Security;

/// <summary>Puts the checks of requests into the service.</summary>
internal static class Protection
{
    /// <summary>Adds what the checks need.</summary>
    public static void AddProtection(this IServiceCollection services, SecurityOptions options) =>
        services.AddSingleton(options).AddSingleton<ApiKeyStore>().AddSingleton<IdempotencyStore>().AddRateLimiter(_ => { });

    /// <summary>Adds the checks, before whatever is added after them.</summary>
    /// <exception cref="OptionsValidationException">It would listen for other machines, and asks nobody for a key.</exception>
    public static void UseProtection(this WebApplication app, ServiceOptions options)
    {
        if (app.Services.GetRequiredService<ApiKeyStore>().IsOpen && !new Uri(options.Listen).IsLoopback)
        {
            throw new OptionsValidationException(ServiceOptions.Section, typeof(ServiceOptions),
                [$"{ServiceOptions.Section}:Listen is `{options.Listen}`, which other machines reach, and there is no API key: set {ServiceOptions.Section}:Security:BootstrapKey, or make a key first while it listens on `http://127.0.0.1:8080`."]);
        }
        app.UseMiddleware<BrowserGuard>();
        app.UseExceptionHandler().UseStatusCodePages();
        app.UseMiddleware<AccessControl>();
        app.UseRateLimiter(Concurrency.Of(options.Limits));
        app.UseMiddleware<Idempotency>();
    }
}
