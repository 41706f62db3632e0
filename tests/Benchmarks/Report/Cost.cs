namespace Cep.Benchmarks.Report;

/// <summary>What a piece of work took.</summary>
/// <param name="ProcessorTime">Of the whole process: collector and compiler threads count, other processes on the machine do not.</param>
/// <param name="Bytes">Allocated by the calling thread.</param>
/// <param name="PeakBytes">The greatest resident memory of the process meanwhile.</param>
internal readonly record struct Cost(TimeSpan ProcessorTime, long Bytes, long PeakBytes)
{
    /// <summary>Does the work and measures it, from a clean heap.</summary>
    public static Cost Of(Action work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        PeakMemory.Reset();
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var time = Environment.CpuUsage.TotalTime;
        work();
        return new Cost(Environment.CpuUsage.TotalTime - time, GC.GetAllocatedBytesForCurrentThread() - bytes, PeakMemory.Bytes);
    }

    /// <summary>The rate of one processor.</summary>
    public double PerSecond(long events) => events / ProcessorTime.TotalSeconds;

    /// <summary>The cost with the median processor time.</summary>
    public static Cost Median(IEnumerable<Cost> costs)
    {
        var sorted = costs.OrderBy(c => c.ProcessorTime).ToList();
        return sorted[sorted.Count / 2];
    }
}
