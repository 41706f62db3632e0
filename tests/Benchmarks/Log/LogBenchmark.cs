using System.Diagnostics;
using Cep.Benchmarks.Report;
using Cep.Engine.Connectors.EventLogs;
using Microsoft.Win32.SafeHandles;

namespace Cep.Benchmarks.Log;

/// <summary>
/// Events that are on the disk when their callers are answered, by the clock: from one caller to many, one event at a time or batches. Beside it a program that does nothing but write and flush
/// the same bytes, group by group as the log did, to a file in the same folder.
/// </summary>
internal sealed class LogBenchmark(Options options) : Benchmark
{
    private const int EventBytes = 200;

    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(500);

    private readonly Table _table = new("Event log, entries of 200 bytes, durable", "callers × batch", "events/s", "events a flush", "bare write and flush, events/s", "of bare");

    public override Table Run()
    {
        foreach (var callers in new[] { 1, 16, 256 })
        {
            foreach (var batch in new[] { 1, 100, 1_000 })
                Run(callers, batch);
        }
        return _table;
    }

    private void Run(int callers, int batch)
    {
        var rounds = new List<(double Log, double Bare, double Group)>();
        for (var round = 0; round <= options.Rounds; round++)
        {
            var folder = Directory.CreateTempSubdirectory("cep-log-");
            try
            {
                var (events, seconds, groups) = Append(folder.FullName, callers, batch);
                var bare = WriteBare(Path.Combine(folder.FullName, "bare"), groups);
                rounds.Add((events / seconds, events / bare, (double)events / groups.Count));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        // The first round is for the compiler.
        var median = rounds.Skip(1).OrderBy(r => r.Log / r.Bare).ElementAt((rounds.Count - 1) / 2);
        _table.Add($"{callers} × {batch}", Format.Count((long)median.Log), Format.Bytes(median.Group), Format.Count((long)median.Bare), Format.Percent(median.Log / median.Bare));
    }

    private (long Events, double Seconds, List<int> Groups) Append(string path, int callers, int batch)
    {
        var groups = new List<int>();
        long events = 0;
        var clock = Stopwatch.StartNew();
        using (var log = EventLog.Open(path, new EventLogOptions { NewFolder = folder => new CountingFolder(folder, groups) }))
        {
            groups.Clear();
            var entries = Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[EventBytes], batch).ToArray();
            clock.Restart();
            Task.WaitAll([.. Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
            {
                while (clock.Elapsed < Budget && Volatile.Read(ref events) < options.Events)
                {
                    await log.AppendAsync(entries);
                    Interlocked.Add(ref events, batch);
                }
            }))]);
            clock.Stop();
            Expect($"entries of {callers} × {batch}", events, log.NextOffset);
        }
        return (events, clock.Elapsed.TotalSeconds, groups);
    }

    private static double WriteBare(string path, List<int> groups)
    {
        var bytes = new byte[groups.Max()];
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var clock = Stopwatch.StartNew();
        long at = 0;
        foreach (var group in groups)
        {
            RandomAccess.Write(file, bytes.AsSpan(0, group), at);
            RandomAccess.FlushToDisk(file);
            at += group;
        }
        return clock.Elapsed.TotalSeconds;
    }

    private sealed class CountingFolder(string path, List<int> groups) : LogFolder(path)
    {
        public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position)
        {
            groups.Add(bytes.Length);
            base.Write(file, bytes, position);
        }
    }
}
