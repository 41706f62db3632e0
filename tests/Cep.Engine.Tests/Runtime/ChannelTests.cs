using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Xunit;

namespace Cep.Engine.Tests.Runtime;

public class ChannelTests
{
    [Fact]
    public async Task Items_come_in_order_through_a_channel_much_smaller_than_their_number()
    {
        var channel = new Channel<int>(3);
        Task<List<int>> consumer = Task.Run(() => Enumerable.Range(0, 100_000).Select(_ => channel.Take()).ToList());
        for (int i = 0; i < 100_000; i++) channel.Put(i);
        Assert.Equal(Enumerable.Range(0, 100_000), await consumer.WaitAsync(Hang.Limit));
        Assert.True(channel.IsEmpty);
    }

    [Fact]
    public async Task A_full_channel_holds_its_producer_until_half_is_taken()
    {
        var channel = new Channel<int>(4);
        int put = 0;
        var filled = new TaskCompletionSource();
        Task producer = Task.Run(() =>
        {
            for (; put < 5; put++)
            {
                if (put == 4) filled.SetResult();
                channel.Put(put);
            }
        });
        await filled.Task.WaitAsync(Hang.Limit);
        Assert.Equal(0, channel.Take());
        Assert.Equal(1, channel.Take());
        await producer.WaitAsync(Hang.Limit);
        Assert.Equal([2, 3, 4], Enumerable.Range(0, 3).Select(_ => channel.Take()));
    }

    [Fact]
    public async Task An_aborted_channel_frees_both_sides()
    {
        var empty = new Channel<int>(1);
        var full = new Channel<int>(1);
        full.Put(1);
        Task consumer = Task.Run(() => empty.Take());
        Task producer = Task.Run(() => full.Put(2));
        empty.Abort();
        full.Abort();
        await Assert.ThrowsAsync<OperationCanceledException>(() => consumer.WaitAsync(Hang.Limit));
        await Assert.ThrowsAsync<OperationCanceledException>(() => producer.WaitAsync(Hang.Limit));
        Assert.Throws<OperationCanceledException>(() => full.TryTake(out _));
        Assert.Throws<OperationCanceledException>(() => empty.Put(1));
        Assert.Throws<OperationCanceledException>(() => empty.IsEmpty);
    }

    [Fact]
    public void Nothing_is_taken_from_an_empty_channel()
    {
        var channel = new Channel<int>(2);
        Assert.False(channel.TryTake(out _));
        channel.Put(7);
        Assert.True(channel.TryTake(out int item));
        Assert.Equal(7, item);
    }

    [Fact]
    public async Task A_signal_raised_before_the_wait_is_not_missed()
    {
        var signal = new Signal();
        var channel = new Channel<int>(1, signal);
        long version = signal.Version;
        channel.Put(1);
        await Task.Run(() => signal.WaitPast(version)).WaitAsync(Hang.Limit);
        Assert.True(channel.TryTake(out _));
    }
}
