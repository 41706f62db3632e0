namespace Cep.RulesService.Security;

/// <summary>What the holder of an API key may do.</summary>
internal enum Role
{
    /// <summary>Send events, and nothing else: for the programs that events come from.</summary>
    Ingest,

    /// <summary>Look at everything but keys.</summary>
    Viewer,

    /// <summary>Also write drafts of rules.</summary>
    Author,

    /// <summary>Also deploy them, send events, acknowledge alerts, and stop and start the engine.</summary>
    Operator,

    /// <summary>Also make and revoke keys.</summary>
    Admin,
}

/// <summary>Which role may do what another needs.</summary>
internal static class Roles
{
    /// <summary>Each of the roles may do all that those before it may; but those that only look and write send no events.</summary>
    public static bool May(this Role has, Role needed) => needed == Role.Ingest ? has is Role.Ingest or >= Role.Operator : has >= needed;
}
