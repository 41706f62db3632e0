using System.Text;
using Cep.Engine.Connectors.EventLogs;
using Microsoft.Win32.SafeHandles;

namespace Cep.Engine.Tests.Connectors.EventLogs;

/// <summary>A folder with an event log of texts.</summary>
internal sealed class LogBed : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cep-log-").FullName;

    /// <summary>Without an age for segments, so that tests say when they roll.</summary>
    public EventLogOptions Options { get; set; } = new() { Name = "events", SegmentAge = null };

    /// <summary>The paths of the segments, oldest first.</summary>
    public string[] Files => [.. Directory.GetFiles(Path, "*.log").Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public EventLog Open() => EventLog.Open(Path, Options);

    /// <summary>A log that is opened on a disk of the test's making.</summary>
    public EventLog Open(Action<string> onDisk)
    {
        Options = Options with { NewFolder = path => new WatchedFolder(path, onDisk) };
        return Open();
    }

    public static ReadOnlyMemory<byte> Entry(string text) => Encoding.UTF8.GetBytes(text);

    public static IReadOnlyList<ReadOnlyMemory<byte>> Batch(params IEnumerable<string> texts) => [.. texts.Select(Entry)];

    /// <summary>Appends batches, each by itself, so that each is a group of its own.</summary>
    public static async Task Append(EventLog log, params string[][] batches)
    {
        foreach (string[] batch in batches) await log.AppendAsync(Batch(batch));
    }

    /// <summary>What a log has.</summary>
    public static List<string> Read(EventLog log, long? from = null)
    {
        using LogReader reader = log.OpenReader(from ?? log.FirstOffset);
        var texts = new List<string>();
        while (reader.NextGroup())
        {
            while (reader.NextEntry(out ReadOnlySpan<byte> entry)) texts.Add(Encoding.UTF8.GetString(entry));
        }

        return texts;
    }

    /// <summary>Opens the log, reads all of it, and closes it.</summary>
    public List<string> ReadAll()
    {
        using EventLog log = Open();
        return Read(log);
    }

    /// <summary>A disk that tells of each thing it is about to do: <c>write</c>, <c>flush</c>, <c>flush names</c>, <c>delete</c>; throwing there makes it fail.</summary>
    private sealed class WatchedFolder(string path, Action<string> onDisk) : LogFolder(path)
    {
        public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position)
        {
            try
            {
                onDisk("write");
            }
            catch (IOException)
            {
                // A disk that fails has often done half of it.
                base.Write(file, bytes[..(bytes.Length / 2)], position);
                throw;
            }

            base.Write(file, bytes, position);
        }

        public override void Flush(SafeFileHandle file)
        {
            onDisk("flush");
            base.Flush(file);
        }

        public override void FlushNames()
        {
            onDisk("flush names");
            base.FlushNames();
        }

        public override void Delete(string file)
        {
            onDisk("delete");
            base.Delete(file);
        }
    }
}
