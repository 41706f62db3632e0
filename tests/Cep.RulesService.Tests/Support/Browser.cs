using Microsoft.Playwright;

namespace Cep.RulesService.Tests.Support;

/// <summary>A Chromium without a window. What a page writes to its console as an error is kept.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const float PatienceMs = 30_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>What went wrong in the pages: exceptions, and what the content security policy forbade.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The program; null where it is not installed.</summary>
    public static string? Program =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);

    /// <summary>What Playwright's package brings to speak to a browser.</summary>
    public static bool HasDriver => Directory.Exists(Path.Combine(AppContext.BaseDirectory, ".playwright", "node"));

    public static async Task<Browser> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(PatienceMs);
        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = ["--no-sandbox"] }));
    }

    /// <summary>Opens a page.</summary>
    /// <param name="address">Where the service is.</param>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="scheme">What the system is set to.</param>
    public async Task<IPage> OpenAsync(string address, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = address, ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = 860 } });
        context.SetDefaultTimeout(PatienceMs);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => Note(error);
        page.Console += (_, message) =>
        {
            // Answers that are no success are told on the console too; the page asks for routes that need not be there.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                Note(message.Text);
        };
        await page.GotoAsync("/");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private void Note(string error)
    {
        lock (Errors)
            Errors.Add(error);
    }
}

/// <summary>A test in a browser, skipped where there is none.</summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = BrowserNeeds.Missing;
}

/// <summary>The same for each of some rows.</summary>
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = BrowserNeeds.Missing;
}

/// <summary>What tests in a browser need.</summary>
internal static class BrowserNeeds
{
    /// <summary>Why they cannot run; null where they can.</summary>
    public static string? Missing => Browser.Program is null ? "`chromium` is not installed." : Browser.HasDriver ? null : "The package Microsoft.Playwright has no driver here.";
}
