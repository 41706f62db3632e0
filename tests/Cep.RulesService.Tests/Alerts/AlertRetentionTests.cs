using Cep.RulesService.Alerts;
using Cep.RulesService.Deliveries;
using Cep.RulesService.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cep.RulesService.Tests.Alerts;

public sealed class AlertRetentionTests
{
    private static readonly AlertFilter All = new(null, null, null, null);

    [Fact]
    public async Task Alerts_that_were_kept_long_enough_are_removed_with_their_deliveries_but_for_those_still_to_be_delivered()
    {
        using var steps = new DeliverySteps((alerts, _) =>
        {
            alerts.RetainFor = TimeSpan.FromDays(2);
            alerts.Sinks["log"] = new SinkOptions { Type = "console" };
        });
        using var retention = new AlertRetention(steps.Alerts, new ServiceOptions { Alerts = steps.Options }, steps.Clock, NullLogger<AlertRetention>.Instance);
        steps.Tell(Enumerable.Range(0, 1100).Select(i => DeliverySteps.Alert($"a{i}")).ToArray());
        Assert.Equal(1100, await steps.DeliverAsync());
        steps.Tell(DeliverySteps.Alert("waits"));
        steps.Clock.Advance(48 * 3_600_000L);
        steps.Tell(DeliverySteps.Alert("new"));
        Assert.Equal(0, retention.RemoveOld(CancellationToken.None));

        steps.Clock.Advance(1);
        Assert.Equal(1100, retention.RemoveOld(CancellationToken.None));
        Assert.Equal(["new", "waits"], steps.Alerts.Newest(All, 10).Select(a => a.Id));
        Assert.Equal(["new", "waits"], steps.Store.Newest(new DeliveryFilter(null, null, null), 10).Select(d => d.Alert));

        await steps.DeliverAsync();
        Assert.Equal(1, retention.RemoveOld(CancellationToken.None));
        Assert.Equal(1102, Assert.Single(steps.Alerts.Newest(All, 10)).Place);
    }

    [Fact]
    public async Task Places_go_on_after_all_alerts_were_removed()
    {
        using var steps = new DeliverySteps((alerts, _) => alerts.Sinks["log"] = new SinkOptions { Type = "console" });
        using var retention = new AlertRetention(steps.Alerts, new ServiceOptions { Alerts = steps.Options }, steps.Clock, NullLogger<AlertRetention>.Instance);
        steps.Tell(DeliverySteps.Alert("a"));
        await steps.DeliverAsync();
        steps.Clock.Advance(31 * 86_400_000L);
        Assert.Equal(1, retention.RemoveOld(CancellationToken.None));
        steps.Tell(DeliverySteps.Alert("b"));
        Assert.Equal(2, Assert.Single(steps.Alerts.After(0, 10)).Place);
        Assert.Equal(1, await steps.DeliverAsync());
    }
}
