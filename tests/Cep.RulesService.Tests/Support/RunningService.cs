using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Cep.RulesService.Tests.Support;

/// <summary>The service, as it is started by its users but for the port, over a folder of its own.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    /// <summary>How long what must come is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _folder;
    private readonly string[] _more;
    private WebApplication _app;
    private HttpClient _http = new();

    private RunningService(string folder, string[] more, WebApplication app) => (_folder, _more, _app) = (folder, more, app);

    /// <summary>Where its routes begin.</summary>
    public Uri Api => _http.BaseAddress!;

    /// <summary>What it keeps.</summary>
    public string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Its routes, and what else it is made of.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Where it listens.</summary>
    public Uri Root => new(_app.Urls.First());

    /// <summary>The API key that requests come with; null for none.</summary>
    public string? Key
    {
        get => _http.DefaultRequestHeaders.Authorization?.Parameter;
        set => _http.DefaultRequestHeaders.Authorization = value is null ? null : new AuthenticationHeaderValue("Bearer", value);
    }

    /// <summary>Sends a request as it is; its address is relative to <c>/api/v1/</c>.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request);

    /// <summary>Makes an API key, and returns its secret.</summary>
    public async Task<string> MakeKeyAsync(string role)
    {
        var answer = await SendAsync(HttpMethod.Post, "keys", new { name = $"a-{role}", role });
        Assert.True(answer.Status == HttpStatusCode.Created, $"{answer}");
        return (string)answer.Json!["secret"]!;
    }

    /// <summary>Where the page is.</summary>
    public string Address => _app.Urls.First();

    /// <summary>Starts one.</summary>
    /// <param name="more">Configuration, as on its command line.</param>
    public static async Task<RunningService> StartAsync(params string[] more)
    {
        var folder = Directory.CreateTempSubdirectory("cep-service-").FullName;
        var service = new RunningService(folder, more, null!);
        await service.BeginAsync();
        return service;
    }

    /// <summary>Stops it, and starts it again over the same folder.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await BeginAsync();
    }

    /// <summary>Stops it; its folder stays.</summary>
    public async Task StopAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Sends a request and reads its answer.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Below <c>/api/v1</c>.</param>
    /// <param name="body">JSON; null for none.</param>
    /// <param name="ifMatch">The header; null for none.</param>
    public Task<Answer> SendAsync(HttpMethod method, string path, object? body = null, string? ifMatch = null) =>
        SendAsync(method, path, body is null ? null : JsonContent.Create(body), ifMatch);

    /// <summary>Posts a text.</summary>
    public Task<Answer> PostAsync(string path, string text, string contentType) =>
        SendAsync(HttpMethod.Post, path, new StringContent(text, Encoding.UTF8, MediaTypeHeaderValue.Parse(contentType)), null);

    /// <summary>Opens an endless answer.</summary>
    /// <param name="path">Below <c>/api/v1</c>.</param>
    /// <param name="lastEventId">The header; null for none.</param>
    public async Task<HttpResponseMessage> OpenAsync(string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Begins a draft of files and returns its number.</summary>
    public async Task<int> DraftAsync(params (string Path, string Text)[] files)
    {
        var answer = await SendAsync(HttpMethod.Post, "rule-sets", new { files = files.Select(f => new { path = f.Path, text = f.Text }) });
        Assert.True(answer.Status == HttpStatusCode.Created, $"{answer}");
        return (int)answer.Json!["version"]!["number"]!;
    }

    /// <summary>Deploys a version.</summary>
    public async Task<Answer> DeployAsync(int number, string policy = "carry")
    {
        var version = await GetAsync($"rule-sets/{number}");
        return await SendAsync(HttpMethod.Post, $"rule-sets/{number}/deployments", new { policy }, version.ETag);
    }

    /// <summary>Begins a draft of files and deploys it; it goes live.</summary>
    public async Task<Answer> GoLiveAsync(params (string Path, string Text)[] files)
    {
        var answer = await DeployAsync(await DraftAsync(files));
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer}");
        return answer;
    }

    /// <summary>Waits until there are so many alerts, and returns those there are, from the oldest on.</summary>
    public async Task<IReadOnlyList<JsonNode>> AlertsAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var items = (await GetAsync("alerts?limit=500")).Json!["items"]!.AsArray();
            if (items.Count >= count)
                return items.Select(i => i!).Reverse().ToList();
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Reads until what is read is as it should be, and returns it.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> isAsItShouldBe)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await GetAsync(path);
            Assert.True(answer.Status == HttpStatusCode.OK, $"{path}: {answer}");
            if (answer.Json is { } json && isAsItShouldBe(json))
                return json;
            Assert.False(patience.IsCancellationRequested, $"{path}: {answer}");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until the engine has taken two checkpoints more, so that what was posted before is behind it.</summary>
    public async Task SettledAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var until = await CheckpointAsync() + 2;
        while (await CheckpointAsync() < until)
            await Task.Delay(20, patience.Token);
    }

    private async Task<long> CheckpointAsync() => (long?)(await GetAsync("engine")).Json!["checkpoint"] ?? 0;

    private async Task BeginAsync()
    {
        _app = ServiceHost.Build(["--Cep:Listen", "http://127.0.0.1:0", "--Cep:DataFolder", DataFolder, "--Cep:Engine:CheckpointInterval", "00:00:00.100", "--Serilog:MinimumLevel:Default", "Warning", .. _more]);
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri($"{_app.Urls.First()}/api/v1/"), Timeout = Patience };
    }

    private async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, string? ifMatch)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, response.Headers.ETag?.ToString(), response.Headers.Location?.ToString(), text);
    }
}

/// <summary>What the service answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string? ETag, string? Location, string Text)
{
    public JsonNode? Json { get; } = Text.Length > 0 ? JsonNode.Parse(Text) : null;

    /// <summary>The sentence of a problem document.</summary>
    public string? Detail => Json is JsonObject problem ? (string?)problem["detail"] : null;
}
