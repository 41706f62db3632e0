using System.Net;
using System.Text.RegularExpressions;
using Cep.RulesService.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cep.RulesService.Tests;

public sealed class WebPageTests
{
    private const string Events = "streams/auths/events";
    private const string Lines = "application/x-ndjson";

    [BrowserFact]
    public async Task Rule_is_written_checked_deployed_explained_and_rolled_back_on_the_page()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.TwoLarge));
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(service.Address);

        await BeginWithAMistakeAsync(page);
        await SeeItAndMendItAsync(page);
        await SeeChangesAndPlanAsync(page);
        await DeployAsync(page, "Deploy version 2");
        Assert.Equal(2, (int)(await service.GetAsync("rule-sets/live")).Json!["version"]!["number"]!);

        await page.GetByRole(AriaRole.Link, new() { Name = "Alerts", Exact = true }).ClickAsync();
        await Expect(page.GetByText("No alert has been told yet.")).ToBeVisibleAsync();
        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("card-7", 1, 0), CardRules.Auth("card-7", 500, 5), CardRules.Auth("x", 5, 6)), Lines);
        await SeeWhyAsync(page);
        await AcknowledgeAsync(page);
        Assert.Equal("local", (string?)Assert.Single(await service.AlertsAsync(1))["acknowledgedBy"]);

        await page.GotoAsync("/#/versions/1/deploy");
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "removed", Exact = true })).ToBeVisibleAsync();
        await DeployAsync(page, "Roll back to version 1");
        Assert.Equal(1, (int)(await service.GetAsync("rule-sets/live")).Json!["version"]!["number"]!);
        Assert.Empty(browser.Errors);
    }

    [BrowserTheory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(400, ColorScheme.Light)]
    [InlineData(400, ColorScheme.Dark)]
    public async Task Every_view_fits_the_window(int width, ColorScheme scheme)
    {
        await using var service = await RunningService.StartAsync();
        await FurnishAsync(service);
        var id = (string)(await service.AlertsAsync(2))[0]["id"]!;
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(service.Address, width, scheme);
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;
        foreach (var (name, path, ready) in Views(id))
        {
            await page.GotoAsync($"/#/{path}");
            await Expect(page.GetByText(ready).Filter(new() { Visible = true }).First).ToBeVisibleAsync();
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}-{scheme}.png".ToLowerInvariant()) });
            Assert.Equal((name, width), (name, await page.EvaluateAsync<int>("Math.max(innerWidth, document.documentElement.scrollWidth)")));
        }
        Assert.Empty(browser.Errors);
    }

    [BrowserFact]
    public async Task View_is_reached_and_an_alert_chosen_with_the_keyboard_alone()
    {
        await using var service = await RunningService.StartAsync();
        await FurnishAsync(service);
        await service.AlertsAsync(2);
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(service.Address);
        var alert = page.Locator("a.alert").Last;
        await Expect(alert).ToBeVisibleAsync();
        for (var i = 0; i < 20 && !await alert.EvaluateAsync<bool>("e => e === document.activeElement"); i++)
            await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "small_then_large" })).ToBeVisibleAsync();
        await Expect(page.Locator("a.alert[aria-current]")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Page_runs_nothing_but_its_own_files()
    {
        await using var service = await RunningService.StartAsync();
        using var http = new HttpClient();
        using var response = await http.GetAsync(service.Address);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotMatch(@"<style|style=|\son\w+=|https?://|<script[^>]*>[^<]", text);
    }

    private static async Task BeginWithAMistakeAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Rule sets" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New version" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "rules.cep" }).ClickAsync();
        await page.GetByLabel("Text of rules.cep").FillAsync(CardRules.SmallThenLarge().Replace("amount < 2", "amont < 2", StringComparison.Ordinal));
    }

    private static async Task SeeItAndMendItAsync(IPage page)
    {
        const string sentence = "There is no field `amont` on stream `auths`.";
        await Expect(page.Locator("mark.error")).ToHaveTextAsync("amont");
        await Expect(page.Locator(".line.error")).ToHaveAttributeAsync("data-line", "4");
        await Expect(page.Locator(".line.error .inline")).ToHaveAttributeAsync("data-message", sentence);
        await page.GetByRole(AriaRole.Button, new() { Name = sentence }).ClickAsync();
        await Expect(page.GetByLabel("Text of rules.cep")).ToBeFocusedAsync();
        for (var i = 0; i < "amont".Length; i++)
            await page.Keyboard.PressAsync("Delete");
        await page.Keyboard.TypeAsync("amount");
        await Expect(page.GetByText("No errors · 1 rule")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+s");
        await page.GetByLabel("What is new in it (optional)").FillAsync("small probes");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Version 2" })).ToBeVisibleAsync();
    }

    private static async Task SeeChangesAndPlanAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Changes" }).ClickAsync();
        await Expect(page.Locator(".line.removed").First).ToContainTextAsync("rule two_large {");
        await Expect(page.Locator(".line.added").First).ToContainTextAsync("rule small_then_large {");
        await page.GetByRole(AriaRole.Link, new() { Name = "Deploy" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "added", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "removed", Exact = true })).ToBeVisibleAsync();
    }

    private static async Task DeployAsync(IPage page, string button)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await Expect(page.GetByText(new Regex(@"Deployment \d+ is done"))).ToBeVisibleAsync();
    }

    private static async Task SeeWhyAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "small_then_large" }).ClickAsync();
        var events = page.GetByRole(AriaRole.Region, new() { Name = "Explanation" }).Locator(".events > li");
        await Expect(events).ToHaveCountAsync(2);
        await Expect(events.Nth(0)).ToContainTextAsync("amount < 2");
        await Expect(events.Nth(1)).ToContainTextAsync("500 > 100");
        await Expect(events.Nth(1)).ToContainTextAsync("+5 min");
        await Expect(page.Locator(".detail .code")).ToContainTextAsync("title \"Small, then large\"");
    }

    private static async Task AcknowledgeAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await Expect(page.GetByText("acknowledged by local")).ToBeVisibleAsync();
    }

    /// <summary>Three versions, one a draft with a mistake; and two alerts.</summary>
    private static async Task FurnishAsync(RunningService service)
    {
        await service.GoLiveAsync(CardRules.Files(CardRules.TwoLarge));
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge(), CardRules.TwoLarge));
        await service.DraftAsync(CardRules.Files(CardRules.SmallThenLarge(250).Replace("amount < 2", "amont < 2", StringComparison.Ordinal), CardRules.TwoLarge));
        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("4929-0071", 1, 0), CardRules.Auth("4929-0071", 1250.5m, 5), CardRules.Auth("4929-0071", 980, 9), CardRules.Auth("x", 5, 10)), Lines);
        await service.SendAsync(HttpMethod.Post, "savepoints");
    }

    private static (string Name, string Path, string Ready)[] Views(string id) =>
    [
        ("alerts", "alerts", "4929-0071"), ("alert", $"alerts/{id}", "rules.cep"), ("rules", "rules", "Small, then large"), ("versions", "versions", "Deployments"),
        ("files", "versions/3", "There is no field `amont` on stream `auths`."), ("changes", "versions/3/changes", "Compared with"),
        ("plan", "versions/1/deploy", "What it means for"), ("engine", "engine", "Go back to it"),
    ];
}
