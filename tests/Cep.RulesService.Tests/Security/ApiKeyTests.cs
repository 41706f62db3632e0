using System.Net;
using Cep.RulesService.Tests.Support;
using Microsoft.Extensions.Options;

namespace Cep.RulesService.Tests.Security;

public sealed class ApiKeyTests
{
    private const string Bootstrap = "a-bootstrap-key-of-more-than-32-characters";

    [Fact]
    public async Task Without_keys_the_machine_itself_may_do_everything_and_with_the_first_key_nobody_without_one()
    {
        await using var service = await RunningService.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("keys")).Status);
        var viewer = await service.SendAsync(HttpMethod.Post, "keys", new { name = "page", role = "viewer" });
        Assert.Equal((HttpStatusCode.Conflict, "The first key is one of an administrator: with it the service asks for keys, and there would be nobody to make others."), (viewer.Status, viewer.Detail));
        var key = await service.MakeKeyAsync("admin");
        var refused = await service.GetAsync("rule-sets");
        Assert.Equal((HttpStatusCode.Unauthorized, "An API key is needed, as `Authorization: Bearer KEY`."), (refused.Status, refused.Detail));
        service.Key = key;
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("rule-sets")).Status);
        await service.RestartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("rule-sets")).Status);
        service.Key = key;
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("rule-sets")).Status);
    }

    [Fact]
    public async Task Key_that_was_revoked_counts_no_more_and_the_last_one_of_an_administrator_is_kept()
    {
        await using var service = await RunningService.StartAsync();
        service.Key = await service.MakeKeyAsync("admin");
        var author = await service.SendAsync(HttpMethod.Post, "keys", new { name = "ann", role = "author" });
        var keys = (await service.GetAsync("keys")).Json!.AsArray();
        var admin = await service.SendAsync(HttpMethod.Delete, $"keys/{keys[0]!["id"]}");
        Assert.Equal((HttpStatusCode.Conflict, "It is the only key of an administrator; make another one before it is revoked."), (admin.Status, admin.Detail));
        Assert.Equal(HttpStatusCode.NoContent, (await service.SendAsync(HttpMethod.Delete, $"keys/{author.Json!["key"]!["id"]}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await service.SendAsync(HttpMethod.Delete, $"keys/{author.Json!["key"]!["id"]}")).Status);
        var audit = (await service.GetAsync("audit")).Json!["items"]!.AsArray();
        Assert.Equal(["key.revoke by a-admin", "key.create by a-admin", "key.create by local"], audit.Select(e => $"{e!["action"]} by {e["actor"]}"));
        service.Key = (string)author.Json!["secret"]!;
        var answer = await service.GetAsync("rule-sets");
        Assert.Equal((HttpStatusCode.Unauthorized, "The API key is none, or was revoked."), (answer.Status, answer.Detail));
    }

    [Fact]
    public async Task Secret_of_a_key_is_kept_nowhere()
    {
        await using var service = await RunningService.StartAsync();
        var secret = service.Key = await service.MakeKeyAsync("admin");
        Assert.DoesNotContain(secret[^43..], (await service.GetAsync("keys")).Text + (await service.GetAsync("audit")).Text);
        await service.StopAsync();
        foreach (var file in Directory.EnumerateFiles(service.DataFolder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(secret[^43..], System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
        await service.RestartAsync();
    }

    [Fact]
    public async Task Bootstrap_key_is_an_administrators()
    {
        await using var service = await RunningService.StartAsync("--Cep:Security:BootstrapKey", Bootstrap);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("keys")).Status);
        service.Key = Bootstrap;
        await service.MakeKeyAsync("viewer");
        Assert.Equal("bootstrap", (string?)(await service.GetAsync("keys")).Json![0]!["createdBy"]);
    }

    [Fact]
    public void Without_a_key_it_does_not_listen_for_other_machines()
    {
        var folder = Directory.CreateTempSubdirectory("cep-service-").FullName;
        var problem = Assert.Throws<OptionsValidationException>(() => ServiceHost.Build(["--Cep:DataFolder", folder, "--Cep:Listen", "http://0.0.0.0:0"]));
        Assert.Equal(
            "Cep:Listen is `http://0.0.0.0:0`, which other machines reach, and there is no API key: set Cep:Security:BootstrapKey, or make a key first while it listens on `http://127.0.0.1:8080`.",
            Assert.Single(problem.Failures));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("BootstrapKey", "short", "Cep:Security:BootstrapKey has 5 characters; at least 32 were expected.")]
    [InlineData("Origins:0", "rules.example.com", "Cep:Security:Origins has `rules.example.com`; an origin such as `https://rules.example.com` was expected.")]
    public void Wrong_settings_are_told_in_sentences(string setting, string value, string sentence) => Assert.Equal(
        sentence, Assert.Single(Assert.Throws<OptionsValidationException>(() => ServiceHost.Build([$"--Cep:Security:{setting}", value])).Failures));
}
