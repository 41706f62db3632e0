using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests;

/// <summary>After many keys at once the operator is as small as after few, and what it remembers of the few is not touched.</summary>
public class CepOperatorRoomTests
{
    private const int Many = 20_000;

    [Fact]
    public void Room_for_keys_and_timers_is_given_back_after_a_peak()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 1h"), Compiled.Rule("late", "A -> C within 2h"));
        for (var i = 0; i < Many; i++)
            op.Send('A', 1, "k" + i);
        op.Send('A', 2, "last");
        op.Advance(10);
        Assert.Equal(Many + 1, op.Room.Slots);
        for (var i = 0; i < Many; i++)
        {
            op.Send('B', 20, "k" + i);
            op.Send('C', 20, "k" + i);
        }
        Assert.Equal(2 * Many, op.Advance(30).Count);
        Assert.Equal((1, 1, 2), (op.Keys, op.Room.Slots, op.Room.Timers));
        Assert.Equal("a@2 timed out at 3600002", op.AdvanceTo(3_600_002));
        op.Send('A', 3_600_003, "new");
        op.Send('C', 3_600_004, "last");
        op.Send('B', 3_600_004, "new");
        Assert.Equal("a@3600003 b@3600004; a@2 c@3600004", string.Join("; ", op.AdvanceTo(3_600_005).Split("; ").OrderDescending()));
        Assert.Equal("a@3600003 timed out at 10800003", op.AdvanceTo(long.MaxValue));
    }

    [Fact]
    public void Timers_of_what_was_forgotten_do_not_pile_up_within_a_window()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 1000h"));
        var most = 0;
        for (var i = 0; i < 30_000; i++)
        {
            op.Send('A', 2 * i, "x");
            op.Send('B', 2 * i + 1, "x");
            op.Advance(2 * i + 1);
            most = Math.Max(most, op.Room.Timers);
        }
        Assert.InRange(most, 1, 5_000);
    }
}
