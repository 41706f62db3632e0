namespace Cep.RulesService.Security;

/// <summary>Which role each route needs, by the name of its endpoint. A route that is not here is only for administrators.</summary>
internal static class RouteRoles
{
    /// <summary>The name of the route of the OpenAPI document.</summary>
    public const string OpenApi = "GetOpenApi";

    /// <summary>Null: everybody may, without a key.</summary>
    private static readonly Dictionary<string, Role?> Needed = new(StringComparer.Ordinal)
    {
        ["GetLiveness"] = null,
        ["GetReadiness"] = null,
        [OpenApi] = Role.Viewer,
        ["GetMetrics"] = Role.Viewer,
        ["ListRuleSets"] = Role.Viewer,
        ["GetLiveRuleSet"] = Role.Viewer,
        ["GetRuleSet"] = Role.Viewer,
        ["DiffRuleSet"] = Role.Viewer,
        ["PlanDeployment"] = Role.Viewer,
        ["ListDeployments"] = Role.Viewer,
        ["GetDeployment"] = Role.Viewer,
        ["ListStreams"] = Role.Viewer,
        ["ListAlerts"] = Role.Viewer,
        ["GetAlert"] = Role.Viewer,
        ["StreamAlerts"] = Role.Viewer,
        ["ListDeliveries"] = Role.Viewer,
        ["ListDeliveriesOfAlert"] = Role.Viewer,
        ["GetEngine"] = Role.Viewer,
        ["ListSavepoints"] = Role.Viewer,
        ["ListAudit"] = Role.Viewer,
        ["VerifyAudit"] = Role.Viewer,
        ["CreateRuleSet"] = Role.Author,
        ["ValidateRules"] = Role.Author,
        ["TestRuleSet"] = Role.Author,
        ["SaveRuleSet"] = Role.Author,
        ["DeleteRuleSet"] = Role.Author,
        ["PostEvents"] = Role.Ingest,
        ["DeployRuleSet"] = Role.Operator,
        ["AcknowledgeAlert"] = Role.Operator,
        ["RedeliverAlert"] = Role.Operator,
        ["RedeliverDead"] = Role.Operator,
        ["PauseEngine"] = Role.Operator,
        ["ResumeEngine"] = Role.Operator,
        ["RescaleEngine"] = Role.Operator,
        ["TakeSavepoint"] = Role.Operator,
        ["RestoreSavepoint"] = Role.Operator,
        ["ListKeys"] = Role.Admin,
        ["CreateKey"] = Role.Admin,
        ["RevokeKey"] = Role.Admin,
    };

    /// <summary>Whether the table has the route.</summary>
    public static bool Has(Endpoint endpoint) => NameOf(endpoint) is { } name && Needed.ContainsKey(name);

    /// <summary>The role that an endpoint needs; null where everybody may.</summary>
    public static Role? Of(Endpoint endpoint) => NameOf(endpoint) is { } name ? Of(name) : Role.Admin;

    /// <summary>The role that the endpoint of a name needs; null where everybody may.</summary>
    public static Role? Of(string name) => Needed.TryGetValue(name, out var role) ? role : Role.Admin;

    /// <summary>The endpoint's name; null for none.</summary>
    public static string? NameOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
}
