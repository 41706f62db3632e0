using Cep.Engine.Operators;
using Cep.Engine.Streams;
using Xunit;

namespace Cep.Engine.Tests.Operators;

public class ReorderBufferTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 20)]
    [InlineData(4, 1000)]
    public void Records_come_as_a_sort_by_time_and_sequence_would_put_them(int seed, int disorder)
    {
        var random = new Random(seed);
        var buffer = new ReorderBuffer<int>();
        var added = new List<StreamRecord<int>>();
        var popped = new List<StreamRecord<int>>();
        long watermarkMs = long.MinValue;
        for (int i = 0; i < 20_000; i++)
        {
            // Sometimes the buffer grows for long, so that rings and heaps grow, wrap and shrink.
            var record = new StreamRecord<int>(i, Math.Max(i / 3 - random.Next(disorder + 1), watermarkMs + 1), i, 0);
            added.Add(record);
            buffer.Add(record);
            if (random.Next(i % 5000 < 2500 ? 5 : 2000) > 0) continue;
            watermarkMs = Math.Max(watermarkMs, i / 3 - disorder - 1);
            Drain(watermarkMs);
            Assert.All(popped, record => Assert.True(record.TimestampMs <= watermarkMs));
        }

        Drain(long.MaxValue);
        Assert.Equal(0, buffer.Count);
        Assert.Equal(added.OrderBy(record => record.TimestampMs).ThenBy(record => record.Sequence), popped);

        void Drain(long upToMs)
        {
            while (true)
            {
                bool any = buffer.TryPeek(out long nextMs);
                if (!buffer.TryPop(upToMs, out StreamRecord<int> record))
                {
                    Assert.True(!any || nextMs > upToMs);
                    break;
                }

                Assert.Equal(nextMs, record.TimestampMs);
                popped.Add(record);
            }
        }
    }

    [Fact]
    public void A_drained_buffer_keeps_nothing_alive()
    {
        var buffer = new ReorderBuffer<object>();
        List<WeakReference> values = Fill(buffer);
        GC.Collect();
        Assert.All(values, value => Assert.False(value.IsAlive));
        Assert.Equal(0, buffer.Count);

        static List<WeakReference> Fill(ReorderBuffer<object> buffer)
        {
            var values = new List<WeakReference>();
            for (int i = 0; i < 100; i++)
            {
                var value = new object();
                values.Add(new WeakReference(value));
                buffer.Add(new StreamRecord<object>(value, i % 2 == 0 ? i : -i, i, 0));
            }

            while (buffer.TryPop(long.MaxValue, out _))
            {
            }

            return values;
        }
    }

    [Fact]
    public void A_stream_in_order_allocates_nothing_once_warm()
    {
        var buffer = new ReorderBuffer<int>();
        Pass(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Pass(10_000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Pass(int count)
        {
            for (int i = 0; i < count; i++)
            {
                buffer.Add(new StreamRecord<int>(i, i, i, 0));
                if (i >= 20) buffer.TryPop(i - 20, out _);
            }

            while (buffer.TryPop(long.MaxValue, out _))
            {
            }
        }
    }
}
