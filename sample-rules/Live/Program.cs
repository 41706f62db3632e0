using System.Diagnostics;
using Cep.LiveSample;
using Cep.RulesService;

// The rules service with the rules of the fraud sample, and a month of its events, posted ten minutes a second. Arguments configure the service.
const int Days = 30;
const int SpeedUp = 600;
var pause = TimeSpan.FromMilliseconds(250);

await using var app = ServiceHost.Build(["--Cep:DataFolder", Directory.CreateTempSubdirectory("cep-live-").FullName, "--Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime", "Warning", .. args]);
await app.StartAsync();
var stopping = app.Lifetime.ApplicationStopping;
try
{
    var service = new LiveService(new Uri(app.Urls.First()));
    await service.DeployAsync(Path.Combine(AppContext.BaseDirectory, "fraud"), stopping);
    Console.WriteLine($"The service listens on {app.Urls.First()}, and events come in {SpeedUp} times as fast as they happened. Ctrl+C ends it. Its alerts:");
    Console.WriteLine($"  curl {app.Urls.First()}/api/v1/alerts?limit=3");
    var timeline = Timeline.Of(Days);
    var clock = Stopwatch.StartNew();
    for (var next = 0; next < timeline.Count && !stopping.IsCancellationRequested;)
    {
        var upToMs = timeline[0].ArrivesMs + (long)(clock.Elapsed.TotalMilliseconds * SpeedUp);
        var due = timeline.Skip(next).TakeWhile(a => a.ArrivesMs <= upToMs).ToList();
        next += due.Count;
        foreach (var events in due.GroupBy(a => a.Stream))
            await service.PostAsync(events.Key, events.Select(a => a.Json), stopping);
        foreach (var alert in await service.NewAlertsAsync(stopping))
            Console.WriteLine($"{alert["detectedAt"]}  {alert["severity"],-8}  {alert["rule"]}  {alert["key"]!.ToJsonString()}  {alert["content"]!["measures"]!.ToJsonString()}");
        await Task.Delay(pause, stopping);
    }
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    // Ctrl+C.
}
await app.StopAsync();
