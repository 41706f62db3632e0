using System.Text.Json;
using System.Text.Json.Serialization;
using Cep.RulesService.Alerts;
using Cep.RulesService.Audit;
using Cep.RulesService.Deliveries;
using Cep.RulesService.Deliveries.Sinks;
using Cep.RulesService.Deployments;
using Cep.RulesService.Engine;
using Cep.RulesService.Http;
using Cep.RulesService.Ingest;
using Cep.RulesService.Operations;
using Cep.RulesService.Rules;
using Cep.RulesService.Security;
using Cep.RulesService.Storage;
using Cep.RulesService.Streams;
using Microsoft.Extensions.Options;
using Serilog;

namespace Cep.RulesService;

/// <summary>Puts the service together.</summary>
internal static class ServiceHost
{
    private const int ConfigurationIsWrong = 2;

    /// <summary>Runs the service until it is told to stop.</summary>
    /// <param name="args">Configuration by the command line, as <c>--Cep:Listen http://127.0.0.1:9000</c>.</param>
    /// <returns>The exit code: 0, or 2 where the configuration is wrong.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = Build(args);
            await app.RunAsync().ConfigureAwait(false);
            return 0;
        }
        catch (OptionsValidationException e)
        {
            foreach (var problem in e.Failures)
                await Console.Error.WriteLineAsync($"error: {problem}").ConfigureAwait(false);
            return ConfigurationIsWrong;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
            return ConfigurationIsWrong;
        }
        finally
        {
            await Log.CloseAndFlushAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Builds the service; it does not listen yet.</summary>
    /// <exception cref="OptionsValidationException">The configuration is wrong; one message for each problem.</exception>
    /// <exception cref="InvalidDataException">The database cannot be opened.</exception>
    public static WebApplication Build(string[] args)
    {
        // Its own files lie beside the program, wherever it is started.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var options = Configure(builder);
        builder.WebHost.UseUrls(options.Listen).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            options.Limits.ApplyTo(kestrel.Limits);
        });
        builder.Logging.ClearProviders().AddSerilog(Logger(builder.Configuration), dispose: true);
        AddServices(builder.Services, options);
        var app = builder.Build();
        app.UseProtection(options);
        app.UseWebPage();
        app.MapOpenApi("/openapi/v1.json").WithName(RouteRoles.OpenApi);
        app.MapOperations();
        var api = app.MapGroup("/api/v1");
        api.MapRuleSets();
        api.MapDeployments();
        api.MapEngine();
        api.MapIngest();
        api.MapAlerts();
        api.MapAlertStream();
        api.MapDeliveries();
        api.MapAudit();
        api.MapKeys();
        return app;
    }

    private static ServiceOptions Configure(WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(ServiceOptions.Section);
        builder.Services.AddOptions<ServiceOptions>().Bind(section, o => o.ErrorOnUnknownConfiguration = true);
        var options = new ServiceOptions();
        try
        {
            section.Bind(options, o => o.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException e)
        {
            throw new OptionsValidationException(ServiceOptions.Section, typeof(ServiceOptions), [$"{ServiceOptions.Section}: {e.InnerException?.Message ?? e.Message}"]);
        }
        var problems = options.Problems().ToList();
        return problems.Count == 0 ? options : throw new OptionsValidationException(ServiceOptions.Section, typeof(ServiceOptions), problems);
    }

    private static Serilog.Core.Logger Logger(IConfiguration configuration) => new LoggerConfiguration().ReadFrom.Configuration(configuration).CreateLogger();

    private static void AddServices(IServiceCollection services, ServiceOptions options)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(options.Limits);
        services.AddSingleton(_ => Database.Open(Path.Combine(options.DataFolder, "rules.db")));
        services.AddSingleton<AuditLog>().AddSingleton<RuleSetStore>().AddSingleton<DeploymentStore>().AddSingleton<AlertStore>().AddSingleton<AlertStream>();
        services.AddSingleton<StreamLogs>().AddSingleton<EngineSettings>().AddSingleton<RuleEngine>().AddSingleton<Deployer>();
        services.AddHostedService(provider => provider.GetRequiredService<Deployer>());
        services.AddSingleton<DeliveryStore>().AddSingleton<DeliverySinks>().AddSingleton<DeliveryMetrics>().AddHostedService<DeliveryWorker>().AddHostedService<AlertRetention>();
        services.AddProtection(options.Security);
        services.AddOperations(options);
        services.AddProblemDetails().AddExceptionHandler<BadRequestHandler>();
        services.AddOpenApi(o => o.AddOperationTransformer<OpenApiDescriptions>());
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
            o.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        });
    }
}
