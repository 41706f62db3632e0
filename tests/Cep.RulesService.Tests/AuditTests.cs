using Cep.RulesService.Audit;
using Cep.RulesService.Storage;
using Cep.RulesService.Tests.Support;
using Dapper;

namespace Cep.RulesService.Tests;

public sealed class AuditTests
{
    [Fact]
    public async Task Every_change_is_in_the_log_and_the_chain_of_hashes_holds()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.TwoLarge));
        await service.DeployAsync(await service.DraftAsync(("streams.cep", CardRules.Streams)));
        var entries = (await service.GetAsync("audit")).Json!["items"]!.AsArray();
        Assert.Equal(
            ["rule-set.deploy rule-set/2 refused", "rule-set.create rule-set/2 done", "rule-set.deploy rule-set/1 done", "rule-set.create rule-set/1 done"],
            entries.Select(e => $"{e!["action"]} {e["subject"]} {e["outcome"]}"));
        Assert.Equal("""{"entries":4,"brokenAt":null}""", (await service.GetAsync("audit/verification")).Text);
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'somebody' WHERE sequence = 2", 2)]
    [InlineData("UPDATE audit SET detail = NULL WHERE sequence = 3", 3)]
    [InlineData("DELETE FROM audit WHERE sequence = 1", 1)]
    [InlineData("DELETE FROM audit WHERE sequence = 2; UPDATE audit SET sequence = sequence - 1 WHERE sequence > 2", 2)]
    public void Entry_that_was_changed_or_removed_breaks_the_chain(string change, long at)
    {
        var folder = Directory.CreateTempSubdirectory("cep-audit-").FullName;
        using (var database = Database.Open(Path.Combine(folder, "rules.db")))
        {
            var log = new AuditLog(database, TimeProvider.System);
            for (var i = 0; i < 4; i++)
                log.Add("me", "test", $"subject/{i}", "done", "detail");
            Assert.Null(log.Verify().BrokenAt);
            database.Write(connection => { connection.Execute(change); });
            Assert.Equal(at, log.Verify().BrokenAt);
        }
        Directory.Delete(folder, recursive: true);
    }
}
