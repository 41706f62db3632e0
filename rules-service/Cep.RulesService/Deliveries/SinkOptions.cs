using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.RegularExpressions;
using Cep.Rules;
using Cep.RulesService.Alerts;
using Cep.RulesService.Deliveries.Sinks;

namespace Cep.RulesService.Deliveries;

/// <summary>Where alerts are delivered, and which: the section <c>Cep:Alerts:Sinks:NAME</c>.</summary>
internal sealed partial class SinkOptions
{
    /// <summary><c>webhook</c>, <c>alertmanager</c>, <c>file</c> or <c>console</c>.</summary>
    public string Type { get; set; } = "";

    /// <summary>Of a webhook: where it takes alerts. Of an Alertmanager: its address, before <c>/api/v2/alerts</c>.</summary>
    public string? Url { get; set; }

    /// <summary>Of a webhook: the keys that sign, each <c>whsec_</c> and 24 to 64 bytes in Base64, by spaces; two of them while one takes the other's place. Of an Alertmanager: a bearer token; none by default.</summary>
    public string? Secret { get; set; }

    /// <summary>Of a file: where it lies. Relative to the working directory.</summary>
    public string? Path { get; set; }

    /// <summary>Only alerts as bad as one of these. Empty, the default, for all.</summary>
    public string[] Severities { get; set; } = [];

    /// <summary>Only alerts of rules with one of these tags. Empty, the default, for all.</summary>
    public string[] Tags { get; set; } = [];

    /// <summary>Only alerts of these rules. Empty, the default, for all.</summary>
    public string[] Rules { get; set; } = [];

    /// <summary>How often an alert is sent before it is given up, 1 to 1,000. Default 12, which is about half an hour.</summary>
    public int MaxAttempts { get; set; } = 12;

    /// <summary>How long an answer may take, up to 5 minutes. Default 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after the first failure; it doubles with each further one. At least 1 ms. Default 1 s.</summary>
    public TimeSpan MinPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between attempts, up to 1 day. Default 1 h.</summary>
    public TimeSpan MaxPause { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether an alert goes there: all of what is given applies.</summary>
    public bool Takes(string rule, string severity, IReadOnlyList<string> tags) =>
        (Severities.Length == 0 || Severities.Contains(severity, StringComparer.Ordinal))
        && (Rules.Length == 0 || Rules.Contains(rule, StringComparer.Ordinal))
        && (Tags.Length == 0 || Tags.Intersect(tags, StringComparer.Ordinal).Any());

    /// <summary>Why alerts cannot be delivered there, a sentence each. None has a secret in it.</summary>
    /// <param name="name">The sink's name.</param>
    /// <param name="allowedHosts">As <see cref="AlertOptions.AllowedHosts"/>.</param>
    public IEnumerable<string> Problems(string name, IReadOnlyList<string> allowedHosts)
    {
        var section = $"{AlertOptions.Section}:Sinks:{name}";
        if (!NameOfSink().IsMatch(name))
            yield return $"{section} has a name that is none; up to 64 letters, digits, `-` and `_` were expected.";
        foreach (var problem in TypeProblems(section, allowedHosts).Concat(RoutingProblems(section)).Concat(RetryProblems(section)))
            yield return problem;
    }

    /// <summary>Whether it is an address of the web, without a name and password in it.</summary>
    public static bool IsWebAddress(string? text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0;

    private IEnumerable<string> TypeProblems(string section, IReadOnlyList<string> allowedHosts) => Type switch
    {
        "webhook" => UrlProblems(section, allowedHosts).Concat(Unwanted(section, nameof(Path), Path)).Concat(WebhookSignature.Problems($"{section}:Secret", Secret)),
        "alertmanager" => UrlProblems(section, allowedHosts).Concat(Unwanted(section, nameof(Path), Path)),
        "file" => Unwanted(section, nameof(Url), Url).Concat(Unwanted(section, nameof(Secret), Secret))
            .Concat(string.IsNullOrWhiteSpace(Path) ? [$"{section}:Path is empty; it names the file to which alerts are written."] : []),
        "console" => Unwanted(section, nameof(Url), Url).Concat(Unwanted(section, nameof(Secret), Secret)).Concat(Unwanted(section, nameof(Path), Path)),
        _ => [$"{section}:Type is `{Type}`; `webhook`, `alertmanager`, `file` or `console` was expected."],
    };

    private IEnumerable<string> UrlProblems(string section, IReadOnlyList<string> allowedHosts)
    {
        if (!IsWebAddress(Url, out var address))
            yield return $"{section}:Url is not an address; one such as `https://alerts.example.org/cep`, without name and password, was expected.";
        else if (IPAddress.TryParse(address.IdnHost, out var ip) && AddressGuard.IsForbidden(ip) && !AddressGuard.IsAllowed(address.IdnHost, allowedHosts))
            yield return $"{section}:Url: {AddressGuard.WhyForbidden(address.IdnHost, ip)}";
    }

    private IEnumerable<string> Unwanted(string section, string setting, string? value) =>
        value is null ? [] : [$"{section}:{setting} is given, and a sink of type `{Type}` has none."];

    private IEnumerable<string> RoutingProblems(string section)
    {
        var known = Enum.GetNames<Severity>().Select(s => s.ToLowerInvariant()).ToList();
        foreach (var severity in Severities.Except(known, StringComparer.Ordinal))
            yield return $"{section}:Severities has `{severity}`; {string.Join(", ", known.Select(k => $"`{k}`"))} are known.";
    }

    private IEnumerable<string> RetryProblems(string section)
    {
        if (MaxAttempts is < 1 or > 1000)
            yield return $"{section}:MaxAttempts is {MaxAttempts}; 1 to 1000 was expected.";
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(5))
            yield return $"{section}:Timeout is {Timeout}; a positive time up to 00:05:00 was expected.";
        if (MinPause < TimeSpan.FromMilliseconds(1) || MaxPause < MinPause || MaxPause > TimeSpan.FromDays(1))
            yield return $"{section} has pauses from {MinPause} to {MaxPause}; 00:00:00.001 to 1.00:00:00 was expected, and MaxPause not below MinPause.";
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex NameOfSink();
}
