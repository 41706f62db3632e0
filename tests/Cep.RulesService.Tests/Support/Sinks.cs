namespace Cep.RulesService.Tests.Support;

/// <summary>Settings of sinks, as on the command line.</summary>
internal static class Sinks
{
    /// <summary>A key of webhooks, which signs nothing but tests.</summary>
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>A webhook that a server of this machine takes.</summary>
    public static string[] Webhook(AlertReceiver receiver, params string[] more) =>
        ["--Cep:Alerts:AllowedHosts:0", "127.0.0.1", .. Sink("soc", ["Type", "webhook", "Url", $"{receiver.Url}/hook", "Secret", Secret, "MinPause", "00:00:00.020", "MaxPause", "00:00:00.200", .. more])];

    /// <summary>A sink by its settings, each name before its value.</summary>
    public static string[] Sink(string name, params string[] settings) => settings.Select((s, i) => i % 2 == 0 ? $"--Cep:Alerts:Sinks:{name}:{s}" : s).ToArray();
}
