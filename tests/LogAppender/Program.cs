using System.Text;
using Cep.Engine.Connectors.EventLogs;

namespace Cep.LogAppender;

/// <summary>Appends to an event log from several callers until it is killed, and tells of each entry that the log has taken: its offset and text.</summary>
internal static class Program
{
    private const int Callers = 8;

    private static async Task Main(string[] args)
    {
        string life = args[1];
        using EventLog log = EventLog.Open(args[0], new EventLogOptions { SegmentBytes = 64 * 1024, QueueBytes = 16 * 1024 });
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => Append(log, $"{life}.{caller}", new Random(caller)))));
    }

    private static async Task Append(EventLog log, string caller, Random random)
    {
        for (int batch = 0; ; batch++)
        {
            int size = random.Next(1, 6);
            string[] texts = [.. Enumerable.Range(0, size).Select(n => $"{caller}.{batch} {n}/{size} {new string('x', random.Next(500))}")];
            long offset = await log.AppendAsync([.. texts.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))]);

            // One write, so that a line is not mixed with another's.
            Console.Write(string.Concat(texts.Select((text, n) => $"{offset + n} {text}\n")));
        }
    }
}
