namespace Cep.RulesService.Security;

/// <summary>Who may ask the service for what.</summary>
internal sealed class SecurityOptions
{
    private const int BootstrapKeyLengthMin = 32;

    /// <summary>A key of an administrator, for the first keys and where all were lost; at least 32 characters, random ones. It counts while it is configured. Default: none.</summary>
    public string? BootstrapKey { get; set; }

    /// <summary>The names by which the service may be called, as in the header <c>Host</c> without the port. Default: all; only the machine's own while there are no keys.</summary>
    public string[] Hosts { get; set; } = [];

    /// <summary>The origins, as <c>https://rules.example.com</c>, whose pages may change something; besides the service's own. Default: none.</summary>
    public string[] Origins { get; set; } = [];

    /// <summary>Why it cannot be so, a sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        // The key itself is not told.
        if (BootstrapKey is { Length: < BootstrapKeyLengthMin })
            yield return $"{ServiceOptions.Section}:Security:BootstrapKey has {BootstrapKey.Length} characters; at least {BootstrapKeyLengthMin} were expected.";
        foreach (var origin in Origins.Where(o => !Uri.TryCreate(o, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != o))
            yield return $"{ServiceOptions.Section}:Security:Origins has `{origin}`; an origin such as `https://rules.example.com` was expected.";
    }
}
