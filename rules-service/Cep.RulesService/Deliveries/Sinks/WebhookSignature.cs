using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cep.RulesService.Deliveries.Sinks;

/// <summary>Signs requests as the Standard Webhooks specification has it: HMAC-SHA256 over id, time and body.</summary>
internal sealed class WebhookSignature
{
    private const string Prefix = "whsec_";
    private readonly List<byte[]> _keys;

    /// <param name="secret">One key or several, by spaces.</param>
    public WebhookSignature(string secret) => _keys = Parts(secret).Select(p => KeyOf(p)!).ToList();

    /// <summary>Why a setting is no secret, a sentence each; the secret is not in it.</summary>
    /// <param name="setting">The setting's name.</param>
    /// <param name="secret">Its value; null where it is not given.</param>
    public static IEnumerable<string> Problems(string setting, string? secret)
    {
        if (Parts(secret).Length == 0)
            yield return $"{setting} is empty; the key with which requests are signed was expected: `{Prefix}` and 24 to 64 bytes in Base64.";
        foreach (var (_, index) in Parts(secret).Select((part, i) => (part, i)).Where(p => KeyOf(p.part) is null))
            yield return $"{setting}: key {index + 1} is none; `{Prefix}` and 24 to 64 bytes in Base64 were expected.";
    }

    /// <summary>The value of <c>webhook-signature</c>: one signature for each key, by spaces.</summary>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="seconds">The value of <c>webhook-timestamp</c>: Unix seconds.</param>
    /// <param name="body">The body.</param>
    public string Sign(string id, long seconds, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.")), .. body];
        return string.Join(' ', _keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}"));
    }

    private static string[] Parts(string? secret) => secret?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static byte[]? KeyOf(string part)
    {
        var bytes = new byte[part.Length];
        return part.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(part[Prefix.Length..], bytes, out var length) && length is >= 24 and <= 64
            ? bytes[..length] : null;
    }
}
