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
                if (!buffer.TryTake(upToMs, out ReadOnlySpan<StreamRecord<int>> records))
                {
                    Assert.True(!any || nextMs > upToMs);
                    break;
                }

                Assert.Equal(nextMs, records[0].TimestampMs);
                popped.AddRange(records);
            }
        }
    }

    [Fact]
    public void One_record_in_several_lanes_may_lie_in_the_run_and_out_of_order()
    {
        var buffer = new ReorderBuffer<int>();
        foreach ((long timestampMs, int lane) in new[] { (5L, 0), (9L, 0), (5L, 1), (9L, 1) }) buffer.Add(new StreamRecord<int>(0, timestampMs, timestampMs, 0, lane));
        Assert.Equal([(5, 0), (5, 1), (9, 0), (9, 1)], buffer.ToArray().Select(record => (record.TimestampMs, record.Lane)).Order());
        var lanes = new List<(long, int)>();
        while (buffer.TryTake(9, out ReadOnlySpan<StreamRecord<int>> records))
        {
            foreach (StreamRecord<int> record in records) lanes.Add((record.TimestampMs, record.Lane));
        }

        Assert.Equal([(5, 0), (5, 1), (9, 0), (9, 1)], lanes.Order());
        Assert.Equal([5, 5, 9, 9], lanes.Select(taken => taken.Item1));
        Assert.Empty(buffer.ToArray());
    }

    [Fact]
    public void A_batch_may_be_out_of_order_anywhere()
    {
        var buffer = new ReorderBuffer<int>();
        long[] times = [5, 6, 4, 7, 3, 3, 8, 8, 1];
        buffer.Add([.. times.Take(4).Select((t, i) => new StreamRecord<int>(0, t, i, 0))]);
        buffer.Add([.. times.Skip(4).Select((t, i) => new StreamRecord<int>(0, t, 4 + i, 0))]);
        var taken = new List<(long, long)>();
        while (buffer.TryTake(7, out ReadOnlySpan<StreamRecord<int>> records))
        {
            foreach (StreamRecord<int> record in records) taken.Add((record.TimestampMs, record.Sequence));
        }

        Assert.Equal([(1, 8), (3, 4), (3, 5), (4, 2), (5, 0), (6, 1), (7, 3)], taken);
        Assert.Equal(2, buffer.Count);
    }

    [Fact]
    public void A_stream_in_order_is_taken_in_one_piece()
    {
        var buffer = new ReorderBuffer<int>();
        buffer.Add([.. Enumerable.Range(0, 1000).Select(i => new StreamRecord<int>(i, i, i, 0))]);
        Assert.True(buffer.TryTake(899, out ReadOnlySpan<StreamRecord<int>> records));
        Assert.Equal(900, records.Length);
        Assert.Equal(100, buffer.Count);
        Assert.False(buffer.TryTake(899, out _));
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

            while (buffer.TryTake(long.MaxValue, out _))
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
                if (i >= 20) buffer.TryTake(i - 20, out _);
            }

            while (buffer.TryTake(long.MaxValue, out _))
            {
            }
        }
    }
}
