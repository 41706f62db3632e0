namespace Cep.Conformance.Cases;

public class ReplayTests
{
    [Fact]
    public void Events_come_in_order_of_time_then_arrival() =>
        Check("""[5, 3, 3, 7]""", """[{"after": 3, "t": 9}]""", "1 2 0 3", late: []);

    [Fact]
    public void By_default_an_event_behind_one_before_it_is_late() =>
        Check("[5, 3, 5, 4]", "null", "0 2", late: [1, 3]);

    [Fact]
    public void A_watermark_never_goes_back() =>
        Check("[5, 3, 4]", """[{"after": 0, "t": 3}, {"after": 1, "t": 2}]""", "2 0", late: [1]);

    private static void Check(string times, string watermarks, string order, int[] late)
    {
        var events = string.Join(",", times.Trim('[', ']').Split(',').Select(t => $$"""{"t":{{t}},"id":1,"name":"a","price":1}"""));
        var c = CaseFiles.Parse([$$"""{"id":"x","events":[{{events}}],"watermarks":{{watermarks}},"pattern":{"steps":[]} }"""])[0];
        var seen = new Recorder(c);
        Assert.Equal(late, Replay.Run(c, seen, () => { }));
        Assert.Equal(order, string.Join(" ", seen.Order));
    }

    /// <summary>Remembers the order of events, and insists that time has come to each and does not go back.</summary>
    private sealed class Recorder(Case c) : IReplayed
    {
        private long _timeMs = long.MinValue;

        public List<int> Order { get; } = [];

        public void Process(int position)
        {
            Assert.Equal(_timeMs, c.Events[position].T);
            Order.Add(position);
        }

        public void Advance(long timeMs)
        {
            Assert.True(timeMs >= _timeMs);
            _timeMs = timeMs;
        }
    }
}
