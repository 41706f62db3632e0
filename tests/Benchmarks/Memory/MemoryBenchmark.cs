using System.IO.Pipes;
using Cep.Benchmarks.Json;
using Cep.Benchmarks.Report;
using Cep.Engine.Connectors;
using Cep.SampleData;
using Cep.Streaming.Jobs;

namespace Cep.Benchmarks.Memory;

/// <summary>Whether a rule job over a stream without end keeps its memory: its peak in each quarter of a long stream is compared with that of the first.</summary>
/// <remarks>The generator runs beside the job and feeds it through a pipe, as <c>generator | cep run</c> does; its own memory is one buffer.</remarks>
internal sealed class MemoryBenchmark(Options options) : Benchmark
{
    private const int Keys = 10_000;
    private const int Quarters = 4;
    private const double AllowedGrowth = 1.10;

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(5);

    public override Table Run()
    {
        var table = new Table("Peak memory of a rule job with a window of 10 s, 10,000 keys", "events", "peak MiB", "of first quarter");
        var output = Path.GetTempFileName();
        try
        {
            var peaks = Peaks(output);
            for (var i = 0; i < peaks.Count; i++)
            {
                var growth = (double)peaks[i] / peaks[0];
                table.Add(Format.Count(Quarter(i + 1)), Format.Mebibytes(peaks[i]), Format.Percent(growth));
                if (growth > AllowedGrowth)
                    Problems.Add($"memory: {growth:P0} of the first quarter after {Quarter(i + 1):N0} events");
            }
        }
        finally
        {
            File.Delete(output);
        }
        return table;
    }

    private long Quarter(int number) => (long)options.MemoryEvents * number / Quarters;

    private List<long> Peaks(string output)
    {
        using var writing = new AnonymousPipeServerStream(PipeDirection.Out);
        var reading = new AnonymousPipeClientStream(PipeDirection.In, writing.ClientSafePipeHandle);
        var job = JobOverFile.Create(RuleText.Compile(RuleText.TenSeconds), ByteInput.FromStream("pipe", reading, isLive: true), output);
        var generator = Start(() =>
        {
            new BenchmarkStream(options.MemoryEvents, Keys, BaseMs: 0, Seed: 42, "pipe").Write(writing);
            writing.Dispose();
        });
        PeakMemory.Reset();
        var run = Start(() => job.Run());
        var peaks = new List<long>();
        while (!run.Wait(PollEvery))
            TakeQuarters(job, peaks);
        generator.Wait();
        TakeQuarters(job, peaks);
        Expect("events read", options.MemoryEvents, job.Progress.Records);
        return peaks;
    }

    private void TakeQuarters(RuleJob job, List<long> peaks)
    {
        while (peaks.Count < Quarters && job.Progress.Records >= Quarter(peaks.Count + 1))
        {
            peaks.Add(PeakMemory.Bytes);
            PeakMemory.Reset();
        }
    }

    private static Task Start(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
