using Cep.RulesService.Alerts;
using Cep.RulesService.Engine;
using Cep.RulesService.Security;
using Cep.RulesService.Streams;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Cep.RulesService;

/// <summary>How the service runs: the section <c>Cep</c> of its configuration.</summary>
internal sealed class ServiceOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Cep";

    /// <summary>The folder of everything that the service keeps: rules, events, alerts, checkpoints. Relative to the working directory. Default <c>data</c>.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>Where it listens. Default <c>http://127.0.0.1:8080</c>; addresses other than the machine's own need API keys.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:8080";

    /// <summary>How long stopping may take: requests are answered, and the engine takes its last checkpoint. Default 30 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How rules are run.</summary>
    public EngineOptions Engine { get; set; } = new();

    /// <summary>How events are kept.</summary>
    public StreamOptions Streams { get; set; } = new();

    /// <summary>How much it takes.</summary>
    public LimitOptions Limits { get; set; } = new();

    /// <summary>What becomes of alerts.</summary>
    public AlertOptions Alerts { get; set; } = new();

    /// <summary>Who may ask for what.</summary>
    public SecurityOptions Security { get; set; } = new();

    /// <summary>Why it cannot run like this, a sentence each; none if it can.</summary>
    public IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(DataFolder))
            yield return $"{Section}:DataFolder is empty; it names the folder of everything that the service keeps.";
        if (!Uri.TryCreate(Listen, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp)
            yield return $"{Section}:Listen is `{Listen}`; an address such as `http://127.0.0.1:8080` was expected.";
        if (ShutdownTimeout <= TimeSpan.Zero)
            yield return $"{Section}:ShutdownTimeout is {ShutdownTimeout}; a positive time was expected.";
        foreach (var problem in Engine.Problems().Concat(Streams.Problems()).Concat(Limits.Problems()).Concat(Alerts.Problems()).Concat(Security.Problems()))
            yield return problem;
    }
}

/// <summary>How much the service takes of one request or rule set.</summary>
internal sealed class LimitOptions
{
    /// <summary>Bytes of a request's body. Default 8 MiB.</summary>
    public int BodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Files of a rule set. Default 1,000.</summary>
    public int Files { get; set; } = 1000;

    /// <summary>Characters of all files of a rule set together. Default 4 million.</summary>
    public int RuleTextLength { get; set; } = 4_000_000;

    /// <summary>Rules of a rule set. Default 1,000.</summary>
    public int Rules { get; set; } = 1000;

    /// <summary>Bytes a second of a request's body, at least, after <see cref="BodyGrace"/>. Default 240.</summary>
    public int BodyBytesPerSecond { get; set; } = 240;

    /// <summary>How long a body may be slower than that, more than 1 s. Default 5 s.</summary>
    public TimeSpan BodyGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of all headers of a request. Default 32 KiB.</summary>
    public int HeaderBytes { get; set; } = 32 * 1024;

    /// <summary>Requests of one API key that are answered at once; those beyond get 429. Default 100.</summary>
    public int ConcurrentRequests { get; set; } = 100;

    /// <summary>Connections at once. Default 1,000.</summary>
    public int Connections { get; set; } = 1000;

    /// <summary>Has the server keep those that are its own.</summary>
    public void ApplyTo(KestrelServerLimits server)
    {
        server.MaxRequestBodySize = BodyBytes;
        server.MinRequestBodyDataRate = new MinDataRate(BodyBytesPerSecond, BodyGrace);
        server.MaxRequestHeadersTotalSize = HeaderBytes;
        server.MaxRequestLineSize = Math.Min(server.MaxRequestLineSize, HeaderBytes);
        server.MaxConcurrentConnections = Connections;
    }

    /// <summary>Why these are no limits, a sentence each.</summary>
    public IEnumerable<string> Problems() => (BodyGrace > TimeSpan.FromSeconds(1) ? (string[])[] : [$"{ServiceOptions.Section}:Limits:BodyGrace is {BodyGrace}; more than a second was expected."]).Concat(
        from limit in ((string Name, int Value)[])
        [
            (nameof(BodyBytes), BodyBytes), (nameof(Files), Files), (nameof(RuleTextLength), RuleTextLength), (nameof(Rules), Rules), (nameof(BodyBytesPerSecond), BodyBytesPerSecond),
            (nameof(HeaderBytes), HeaderBytes), (nameof(ConcurrentRequests), ConcurrentRequests), (nameof(Connections), Connections),
        ]
        where limit.Value < 1
        select $"{ServiceOptions.Section}:Limits:{limit.Name} is {limit.Value}; at least 1 was expected.");
}
