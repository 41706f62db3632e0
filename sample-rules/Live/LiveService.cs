using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Cep.LiveSample;

/// <summary>What the sample asks of the service: nothing that <c>curl</c> could not.</summary>
/// <param name="address">Where it listens.</param>
internal sealed class LiveService(Uri address)
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(address, "/api/v1/") };
    private long _lastPlace;

    /// <summary>Deploys the rules of a folder, unless some run already.</summary>
    public async Task DeployAsync(string folder, CancellationToken cancel)
    {
        using var live = await _http.GetAsync("rule-sets/live", cancel);
        if (live.IsSuccessStatusCode)
            return;
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => new { path = Path.GetRelativePath(folder, f).Replace('\\', '/'), text = File.ReadAllText(f) });
        using var draft = await _http.PostAsJsonAsync("rule-sets", new { files, comment = "The fraud sample" }, cancel);
        await CheckAsync(draft, cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{draft.Headers.Location!.OriginalString}/deployments") { Content = JsonContent.Create(new { }) };
        request.Headers.TryAddWithoutValidation("If-Match", draft.Headers.ETag!.ToString());
        using var deployed = await _http.SendAsync(request, cancel);
        await CheckAsync(deployed, cancel);
    }

    /// <summary>Posts events; what is none is refused, and the others are kept.</summary>
    public async Task PostAsync(string stream, IEnumerable<string> events, CancellationToken cancel)
    {
        using var body = new StringContent(string.Join('\n', events), Encoding.UTF8, "application/x-ndjson");
        using var answer = await _http.PostAsync($"streams/{stream}/events?partial=true", body, cancel);
        // All of a batch may be malformed.
        if (answer.StatusCode != System.Net.HttpStatusCode.UnprocessableEntity)
            await CheckAsync(answer, cancel);
    }

    /// <summary>The alerts since this was last asked, from the oldest on.</summary>
    public async Task<IReadOnlyList<JsonNode>> NewAlertsAsync(CancellationToken cancel)
    {
        var items = JsonNode.Parse(await _http.GetStringAsync("alerts?limit=100", cancel))!["items"]!.AsArray();
        var alerts = items.Select(i => i!).Where(a => (long)a["place"]! > _lastPlace).Reverse().ToList();
        _lastPlace = alerts.Count > 0 ? (long)alerts[^1]["place"]! : _lastPlace;
        return alerts;
    }

    private static async Task CheckAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"The service answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancel)}");
    }
}
