using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Cep.Engine.Streams.Windows;
using Cep.Engine.Time;

static class HourlySales
{
    static readonly Sale[] Sales = [new("tea", 3, At(8, 10)), new("tea", 4, At(8, 50)), new("jam", 5, At(9, 0)), new("tea", 2, At(8, 59)), new("tea", 1, At(9, 30))];

    public static void Run(TextWriter console)
    {
        var environment = new StreamEnvironment(new JobOptions { Parallelism = 2 });
        var tenMinutes = WatermarkStrategy.BoundedOutOfOrderness(TimeSpan.FromMinutes(10).Ticks / TimeSpan.TicksPerMillisecond);
        var sink = new MemorySink<string>();
        environment.From(new MemorySource<Sale>("sales", Sales, sale => sale.AtMs, tenMinutes))
            .KeyBy(sale => sale.Item)
            .Window(WindowAssigner.Tumbling(TimeSpan.FromHours(1)))
            .Reduce((a, b) => a with { Amount = a.Amount + b.Amount }, (item, hour, sum) => $"{DateTimeOffset.FromUnixTimeMilliseconds(hour.StartMs):HH:mm} {item} {sum.Amount}").Uid("hourly")
            .To(sink);
        environment.Run();
        foreach (var line in sink.Values) console.WriteLine(line);
    }

    static long At(int hour, int minute) => new DateTimeOffset(2026, 1, 1, hour, minute, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    record Sale(string Item, int Amount, long AtMs);
}
