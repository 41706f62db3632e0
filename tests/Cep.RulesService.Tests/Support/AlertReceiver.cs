using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cep.RulesService.Tests.Support;

/// <summary>A server that takes alerts, or does not, as a test has it.</summary>
internal sealed class AlertReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<ReceivedRequest> _received = [];

    private AlertReceiver(WebApplication app) => _app = app;

    /// <summary>Its address, with the number of this machine.</summary>
    public string Url => _app.Urls.First();

    /// <summary>Its port.</summary>
    public int Port => new Uri(Url).Port;

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<ReceivedRequest> Received
    {
        get
        {
            lock (_received)
                return _received.ToList();
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="answer">Answers; by several threads at a time.</param>
    public static async Task<AlertReceiver> StartAsync(Func<HttpContext, ReceivedRequest, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new AlertReceiver(app);
        app.Run(context => receiver.TakeAsync(context, answer));
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Starts one that answers everything with the same status.</summary>
    public static Task<AlertReceiver> StartAsync(int status = StatusCodes.Status204NoContent) => StartAsync((context, _) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    /// <summary>Waits until there are so many requests.</summary>
    public async Task<IReadOnlyList<ReceivedRequest>> ReceivedAsync(int count)
    {
        using var patience = new CancellationTokenSource(RunningService.Patience);
        while (Received.Count < count)
            await Task.Delay(5, patience.Token);
        return Received;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context, Func<HttpContext, ReceivedRequest, Task> answer)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var request = new ReceivedRequest(context.Request.Path, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body);
        lock (_received)
            _received.Add(request);
        await answer(context, request);
    }
}

/// <summary>A request that was made.</summary>
internal sealed record ReceivedRequest(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public System.Text.Json.Nodes.JsonNode Json => System.Text.Json.Nodes.JsonNode.Parse(Body)!;
}
