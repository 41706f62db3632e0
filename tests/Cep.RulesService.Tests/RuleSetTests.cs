using System.Net;
using Cep.RulesService.Tests.Support;

namespace Cep.RulesService.Tests;

public sealed class RuleSetTests
{
    private static object Draft(string text, string? comment = null) => new { files = new[] { new { path = "a.cep", text } }, comment };

    [Fact]
    public async Task Draft_is_kept_with_its_files_and_what_is_wrong_with_them()
    {
        await using var service = await RunningService.StartAsync();
        var created = await service.SendAsync(HttpMethod.Post, "rule-sets", Draft("rule r { from nowhere }", "first"));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal("/api/v1/rule-sets/1", created.Location);
        Assert.Equal("\"1.1\"", created.ETag);

        var read = await service.GetAsync("rule-sets/1");
        Assert.Equal(created.Text, read.Text);
        Assert.Equal("first", (string?)read.Json!["version"]!["comment"]);
        Assert.Equal("draft", (string?)read.Json["version"]!["state"]);
        Assert.Equal("rule r { from nowhere }", (string?)read.Json["files"]![0]!["text"]);
        Assert.Contains(read.Json["diagnostics"]!.AsArray(), d => (string?)d!["message"] == "There is no stream `nowhere`." && (int)d["line"]! == 1 && (int)d["column"]! == 15);
    }

    [Fact]
    public async Task Draft_is_saved_by_who_has_read_it_last()
    {
        await using var service = await RunningService.StartAsync();
        await service.SendAsync(HttpMethod.Post, "rule-sets", Draft("// one"));
        var saved = await service.SendAsync(HttpMethod.Put, "rule-sets/1", Draft("// two"), "\"1.1\"");
        Assert.Equal((HttpStatusCode.OK, "\"1.2\""), (saved.Status, saved.ETag));

        var stale = await service.SendAsync(HttpMethod.Put, "rule-sets/1", Draft("// three"), "\"1.1\"");
        Assert.Equal((HttpStatusCode.PreconditionFailed, "Version 1 was saved by somebody else meanwhile; its `ETag` is \"1.2\" now."), (stale.Status, stale.Detail));
        Assert.Equal(HttpStatusCode.PreconditionRequired, (await service.SendAsync(HttpMethod.Put, "rule-sets/1", Draft("// three"))).Status);
        Assert.Equal("// two", (string?)(await service.GetAsync("rule-sets/1")).Json!["files"]![0]!["text"]);
    }

    [Fact]
    public async Task Draft_can_be_thrown_away_and_its_number_does_not_come_again()
    {
        await using var service = await RunningService.StartAsync();
        await service.SendAsync(HttpMethod.Post, "rule-sets", Draft("// one"));
        Assert.Equal(HttpStatusCode.NoContent, (await service.SendAsync(HttpMethod.Delete, "rule-sets/1", ifMatch: "\"1.1\"")).Status);
        Assert.Equal("There is no version 1 of the rule set.", (await service.GetAsync("rule-sets/1")).Detail);
        Assert.Equal("/api/v1/rule-sets/2", (await service.SendAsync(HttpMethod.Post, "rule-sets", Draft("// two"))).Location);
    }

    [Fact]
    public async Task Version_that_was_deployed_does_not_change()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.TwoLarge));
        var live = await service.GetAsync("rule-sets/live");
        Assert.Equal("live", (string?)live.Json!["version"]!["state"]);
        var saved = await service.SendAsync(HttpMethod.Put, "rule-sets/1", Draft("// no"), live.ETag);
        Assert.Equal((HttpStatusCode.Conflict, "Version 1 has been deployed, so it does not change any more; begin a draft with its files."), (saved.Status, saved.Detail));
        Assert.Equal(HttpStatusCode.Conflict, (await service.SendAsync(HttpMethod.Delete, "rule-sets/1", ifMatch: live.ETag)).Status);
    }

    [Fact]
    public async Task Versions_are_listed_in_parts_from_the_newest_on()
    {
        await using var service = await RunningService.StartAsync();
        for (var i = 0; i < 5; i++)
            await service.SendAsync(HttpMethod.Post, "rule-sets", Draft($"// {i}"));
        var (numbers, path) = (new List<int>(), "rule-sets?limit=2");
        while (true)
        {
            var page = (await service.GetAsync(path)).Json!;
            numbers.AddRange(page["items"]!.AsArray().Select(i => (int)i!["number"]!));
            if (page["next"] is not { } next)
                break;
            path = $"rule-sets?limit=2&before={next}";
        }
        Assert.Equal([5, 4, 3, 2, 1], numbers);
    }

    [Theory]
    [InlineData("../a.cep", "`../a.cep` is no relative path: it has a part that is empty, `.` or `..`.")]
    [InlineData("/etc/a.cep", "`/etc/a.cep` is no relative path: it has a part that is empty, `.` or `..`.")]
    [InlineData("a\nb.cep", "`a\nb.cep` has a character that is none of letters, digits, `/ . _ -` and blank.")]
    [InlineData("a.txt", "A rule set has at least one file whose path ends in `.cep`.")]
    public async Task Path_that_leaves_the_folder_or_names_no_rules_is_refused(string path, string why)
    {
        await using var service = await RunningService.StartAsync();
        var answer = await service.SendAsync(HttpMethod.Post, "rule-sets/validation", new { files = new[] { new { path, text = "" } } });
        Assert.Equal((HttpStatusCode.BadRequest, why), (answer.Status, answer.Detail));
    }

    [Fact]
    public async Task Validation_tells_every_error_with_its_place_and_keeps_nothing()
    {
        await using var service = await RunningService.StartAsync();
        var wrong = await service.SendAsync(HttpMethod.Post, "rule-sets/validation", Draft(CardRules.Streams + "\nrule r {\n    from auths key card_id\n    match a: auths where amont > 2 within 1h\n}\n"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "The rules have an error."), (wrong.Status, wrong.Detail));
        var diagnostic = Assert.Single(wrong.Json!["diagnostics"]!.AsArray())!;
        Assert.Equal((9, 26, "did you mean `amount`?"), ((int)diagnostic["line"]!, (int)diagnostic["column"]!, (string?)diagnostic["fix"]));

        var right = await service.SendAsync(HttpMethod.Post, "rule-sets/validation", Draft(CardRules.Streams + "\n" + CardRules.TwoLarge));
        Assert.Equal((HttpStatusCode.OK, "two_large"), (right.Status, (string?)right.Json!["rules"]![0]!["name"]));
        Assert.Equal("""{"items":[],"next":null}""", (await service.GetAsync("rule-sets")).Text);
    }

    [Theory]
    [InlineData("{\"files\":[{\"path\":\"a.cep\",\"text\":\"rule", "The body is not the JSON that was expected at line 1, byte 39, at $.files[0].text: Expected end of string, but instead reached end of data.")]
    [InlineData("{\"fils\":[]}", "The body is not the JSON that was expected at line 1, byte 9, at $.fils: There is no such member.")]
    [InlineData("", "The body is not the JSON that was expected: it is empty.")]
    public async Task Body_that_is_not_what_was_expected_is_refused_with_its_place(string body, string why)
    {
        await using var service = await RunningService.StartAsync();
        var answer = await service.PostAsync("rule-sets", body, "application/json");
        Assert.Equal((HttpStatusCode.BadRequest, why), (answer.Status, answer.Detail));
    }

    [Fact]
    public async Task Diff_shows_what_differs_with_the_numbers_of_its_lines()
    {
        await using var service = await RunningService.StartAsync();
        await service.DraftAsync(("a.cep", "1\n2\n3\n4\n5\n6\n7\n8\n9"), ("gone.cep", "old"), ("same.cep", "same"));
        await service.DraftAsync(("a.cep", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"), ("new.cep", "new"), ("same.cep", "same"));
        var files = (await service.GetAsync("rule-sets/2/diff?against=1")).Json!["files"]!.AsArray();
        Assert.Equal(["a.cep changed", "gone.cep removed", "new.cep added"], files.Select(f => $"{f!["path"]} {f["change"]}"));
        Assert.Equal(
            ["same 2 2 2", "same 3 3 3", "same 4 4 4", "removed 5  5", "added  5 five", "same 6 6 6", "same 7 7 7", "same 8 8 8", "same 9 9 9", "added  10 "],
            files[0]!["lines"]!.AsArray().Select(l => $"{l!["change"]} {l["before"]} {l["after"]} {l["text"]}"));
        Assert.Equal("There is no version 7 of the rule set.", (await service.GetAsync("rule-sets/2/diff?against=7")).Detail);
        Assert.Equal(3, (await service.GetAsync("rule-sets/2/diff")).Json!["files"]!.AsArray().Count);
    }

    [Fact]
    public async Task List_is_read_from_a_file_of_the_set()
    {
        await using var service = await RunningService.StartAsync();
        const string Rules = """
            list trusted of string from "lists/trusted.txt"
            rule big { from auths key card_id where card_id not in @trusted match a: auths where amount > 100 -> b: auths where amount > 100 within 1h }
            """;
        var missing = await service.SendAsync(HttpMethod.Post, "rule-sets/validation", new { files = new[] { new { path = "fraud/a.cep", text = CardRules.Streams + "\n" + Rules } } });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, missing.Status);
        await service.GoLiveAsync(("fraud/a.cep", CardRules.Streams + "\n" + Rules), ("fraud/lists/trusted.txt", "friend\n"));
        await service.PostAsync(
            "streams/auths/events",
            string.Join('\n', CardRules.Auth("friend", 200, 0), CardRules.Auth("friend", 200, 1), CardRules.Auth("a", 200, 2), CardRules.Auth("a", 200, 3), CardRules.Auth("x", 1, 5)), "application/x-ndjson");
        Assert.Equal("a", (string?)Assert.Single(await service.AlertsAsync(1))["key"]![0]);

        // Other contents are another meaning, and partial matches are carried.
        var changed = await service.GoLiveAsync(("fraud/a.cep", CardRules.Streams + "\n" + Rules), ("fraud/lists/trusted.txt", "friend\nfoe\n"));
        Assert.Equal(("compatible", "carried"), ((string?)changed.Json!["rules"]![0]!["change"], (string?)changed.Json["rules"]![0]!["partials"]));
    }
}
