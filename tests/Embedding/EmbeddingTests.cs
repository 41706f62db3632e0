namespace Cep.Embedding;

/// <summary>The programs of the README, as it has them: new programs on the package, built and run.</summary>
public class EmbeddingTests(NewPrograms programs) : IClassFixture<NewPrograms>
{
    [Fact]
    public void Console_program_of_at_most_20_lines_prints_what_the_page_says()
    {
        Assert.InRange(Readme.Programs[0].TrimEnd().Split('\n').Length, 1, 20);
        programs.Create("Alerts", "console", Readme.Programs[0]);
        Assert.Equal(Readme.Outputs[0], programs.Run("Alerts"));
    }

    [Fact]
    public void Program_matches_an_async_stream()
    {
        programs.Create("Unpaid", "console", Readme.Programs[1]);
        var printed = programs.Run("Unpaid", """
            {"Order":"o1","Kind":"ordered","At":"2026-01-01T12:00:00Z"}
            {"Order":"o2","Kind":"ordered","At":"2026-01-01T12:01:00Z"}
            {"Order":"o1","Kind":"paid","At":"2026-01-01T12:14:59.999Z"}
            {"Order":"o3","Kind":"ordered","At":"2026-01-01T13:00:00Z"}
            """);
        Assert.Equal("o2 was not paid by 12:16\no3 was not paid by 13:15\n", printed);
    }

    [Fact]
    public void Service_gets_its_matcher_from_the_container()
    {
        const string Start = "await builder.Build().RunAsync();";
        Assert.Single(Readme.Programs[2].Split('\n'), Start);
        programs.Create("Service", "web", Readme.Programs[2].Replace(Start, $"builder.Services.AddHostedService<Feed>();\n{Start}", StringComparison.Ordinal));
        programs.Write("Service/Feed.cs", Feed);
        Assert.Contains("4711: 3 probes, then 500", programs.Run("Service"), StringComparison.Ordinal);
    }

    /// <summary>What the page leaves to its reader: that which writes payments. It stops the program when they have been read.</summary>
    private const string Feed = """
        using System.Threading.Channels;

        sealed class Feed(Channel<Payment> payments, IHostApplicationLifetime application) : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                foreach (var amount in new[] { 1, 2, 3, 500 })
                    await payments.Writer.WriteAsync(new("4711", amount, DateTimeOffset.UnixEpoch), stoppingToken);
                payments.Writer.Complete();
                await payments.Reader.Completion;
                application.StopApplication();
            }
        }
        """;
}
