namespace Cep.RulesService.Operations;

/// <summary>Puts what operates the service into it.</summary>
internal static class OperationsSetup
{
    /// <summary>Adds health, metrics, and the time that stopping may take.</summary>
    public static void AddOperations(this IServiceCollection services, ServiceOptions options)
    {
        services.AddSingleton<Readiness>().AddSingleton<MetricsCollector>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
    }
}
