using Cep.Engine.Timers;
using Xunit;

namespace Cep.Engine.Tests.Timers;

public class TimerQueueTests
{
    [Fact]
    public void Timers_come_by_deadline_and_those_of_one_deadline_in_the_order_they_were_added()
    {
        var random = new Random(7);
        var queue = new TimerQueue<int>();
        var deadlines = Enumerable.Range(0, 5000).Select(_ => random.NextInt64(-200, 200)).ToArray();
        for (int i = 0; i < deadlines.Length; i++) queue.Add(deadlines[i], i);

        var popped = new List<int>();
        while (queue.TryPop(long.MaxValue, out long deadlineMs, out int index))
        {
            Assert.Equal(deadlines[index], deadlineMs);
            popped.Add(index);
        }

        Assert.Equal(Enumerable.Range(0, deadlines.Length).OrderBy(i => deadlines[i]).ThenBy(i => i), popped);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void A_timer_is_due_when_the_watermark_reaches_its_deadline()
    {
        var queue = new TimerQueue<string>();
        queue.Add(100, "due");
        Assert.False(queue.TryPop(99, out _, out _));
        Assert.True(queue.TryPeek(out long deadlineMs));
        Assert.Equal(100, deadlineMs);
        Assert.True(queue.TryPop(100, out _, out string payload));
        Assert.Equal("due", payload);
        Assert.False(queue.TryPeek(out _));
    }

    [Fact]
    public void Adding_and_popping_in_turns_allocates_nothing_once_warm()
    {
        var queue = new TimerQueue<long>();
        Turn(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(1000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Turn(int count)
        {
            for (int i = 0; i < 10; i++) queue.Add(i, i);
            for (int i = 10; i < count; i++)
            {
                queue.Add(i, i);
                queue.TryPop(i, out _, out _);
            }

            while (queue.TryPop(long.MaxValue, out _, out _))
            {
            }
        }
    }

    [Fact]
    public void Sweep_drops_what_no_longer_matters_and_keeps_the_order_of_the_rest()
    {
        var timers = new TimerQueue<int>();
        for (int i = 0; i < 20_000; i++) timers.Add(i % 7, i);
        timers.Sweep((deadlineMs, payload) => deadlineMs != 3 && payload % 100 == 0);
        var left = new List<int>();
        while (timers.TryPop(long.MaxValue, out _, out int payload)) left.Add(payload);
        Assert.Equal(Enumerable.Range(0, 20_000).Where(i => i % 7 != 3 && i % 100 == 0).OrderBy(i => i % 7), left);
    }
}
