using System.IO.Compression;
using System.Text;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Connectors;

/// <summary>Files read on where a checkpoint stands.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cep-resume-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false, false, "\n")]
    [InlineData(false, true, "\r\n")]
    [InlineData(true, false, "\n")]
    [InlineData(true, true, "\n")]
    public void A_file_is_read_on_after_the_last_record_of_the_checkpoint(bool isCsv, bool isGzip, string lineEnd)
    {
        string path = Write(isCsv, isGzip, lineEnd);
        List<string> whole = Read(path, isCsv, new MemoryCheckpointStore(), stopAfter: int.MaxValue);
        var store = new MemoryCheckpointStore();
        List<string> first = Read(path, isCsv, store, stopAfter: 2_000);
        Assert.InRange(first.Count, 1, whole.Count - 1);
        List<string> rest = Read(path, isCsv, store, stopAfter: int.MaxValue);
        Assert.Equal(whole.Order(), first.Concat(rest).Order());
        Assert.Contains(rest, line => line.Contains("line", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_has_become_shorter_is_refused()
    {
        string path = Write(isCsv: false, isGzip: false, "\n");
        var store = new MemoryCheckpointStore();
        Read(path, isCsv: false, store, stopAfter: 2_000);
        File.WriteAllText(path, "k 1\n");
        var problem = Assert.Throws<JobException>(() => Read(path, isCsv: false, store, stopAfter: int.MaxValue));
        Assert.Matches("The input ends at byte 4, but had been read to byte [0-9]+ when the checkpoint was taken: it is another input\\.", problem.Message);
    }

    private string Write(bool isCsv, bool isGzip, string lineEnd)
    {
        string path = Path.Combine(_folder, "events" + (isGzip ? ".gz" : ""));
        using Stream file = File.Create(path);
        using Stream content = isGzip ? new GZipStream(file, CompressionLevel.Fastest) : file;
        var text = new StringBuilder(isCsv ? "header" + lineEnd : "\ufeff");
        for (int i = 0; i < 20_000; i++)
        {
            text.Append($"k{i % 7} {i}").Append(lineEnd);
            if (i % 1000 == 500) text.Append("broken").Append(lineEnd).Append(lineEnd);
            if (isCsv && i % 1000 == 700) text.Append($"\"quoted\n{i}\"").Append(lineEnd);
        }

        content.Write(Encoding.UTF8.GetBytes(text.ToString()));
        return path;
    }

    /// <summary>What came: records, and where malformed ones were.</summary>
    private static List<string> Read(string path, bool isCsv, CheckpointStore store, int stopAfter)
    {
        using var stop = new CancellationTokenSource();
        var seen = new MemorySink<string>();
        var malformed = new MemorySink<MalformedRecord>();
        var source = new StreamSource<Event>(ByteInput.File(path), isCsv ? new CsvFraming() : new LineFraming(), new Plain(), WatermarkStrategy.Monotonous);
        int count = 0;
        new Job<Event, string>(new JobOptions { Checkpoints = new CheckpointOptions { Store = store } })
            .AddSource(source)
            .AddOperator("count", new ByKey(), () => new CountingOperator(_ => { if (++count == stopAfter) stop.Cancel(); }))
            .WriteTo(seen).WriteMalformedTo(malformed)
            .Run(stop.Token);
        return [.. seen.Values, .. malformed.Values.Select(m => $"line {m.Line}: {m.Text}")];
    }

    private sealed class Plain : RecordDecoder<Event>
    {
        public override void Header(ReadOnlySpan<byte> header) => Assert.Equal("header", Encoding.UTF8.GetString(header));

        public override bool TryDecode(ReadOnlySpan<byte> record, long receivedAtMs, out Event value, out long timestampMs, out string? error)
        {
            string[] parts = Encoding.UTF8.GetString(record).Split(' ');
            timestampMs = 0;
            bool isGood = parts.Length == 2 && long.TryParse(parts[1], out timestampMs);
            value = isGood ? new Event(parts[0], timestampMs, -1) : null!;
            error = isGood ? null : "Not a key and a time.";
            return isGood;
        }
    }
}
