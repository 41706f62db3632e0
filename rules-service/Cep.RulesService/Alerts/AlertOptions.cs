using Cep.RulesService.Deliveries;

namespace Cep.RulesService.Alerts;

/// <summary>What becomes of alerts.</summary>
internal sealed class AlertOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = $"{ServiceOptions.Section}:Alerts";

    /// <summary>Where alerts are delivered, by name. None by default.</summary>
    public Dictionary<string, SinkOptions> Sinks { get; set; } = [];

    /// <summary>Hosts of sinks, as written in their URL, to which alerts may be sent though their address is one of the machine itself, link-local, multicast or of cloud metadata. None by default.</summary>
    public string[] AllowedHosts { get; set; } = [];

    /// <summary>How long an alert is kept after it was told, at least 1 minute. Those with a delivery that is still tried stay longer. Default 30 days.</summary>
    public TimeSpan RetainFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Where people reach the service, as <c>https://rules.example.org</c>; alerts sent to Alertmanager link there. Default: none, and no link.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Why alerts cannot be delivered like this, a sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (RetainFor < TimeSpan.FromMinutes(1))
            yield return $"{Section}:RetainFor is {RetainFor}; at least 00:01:00 was expected.";
        if (PublicUrl is not null && !SinkOptions.IsWebAddress(PublicUrl, out _))
            yield return $"{Section}:PublicUrl is not an address; one such as `https://rules.example.org` was expected.";
        foreach (var problem in Sinks.OrderBy(s => s.Key, StringComparer.Ordinal).SelectMany(s => s.Value.Problems(s.Key, AllowedHosts)))
            yield return problem;
    }
}
