using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cep.Engine.Connectors.EventLogs;

namespace Cep.RulesService.Streams;

/// <summary>The events that came in, one durable log for each stream.</summary>
/// <remarks>All threads. A stream that no rule set declares any more keeps its log.</remarks>
internal sealed class StreamLogs(ServiceOptions options, TimeProvider time, IMeterFactory? meters = null) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<EventLog>> _logs = new(StringComparer.Ordinal);

    /// <summary>The log of a stream; begun where it has none.</summary>
    /// <exception cref="EventLogException">It cannot be opened.</exception>
    /// <exception cref="CorruptEventLogException">It is damaged.</exception>
    public EventLog Of(string stream) => _logs.GetOrAdd(stream, name => new Lazy<EventLog>(() => Open(name))).Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var log in _logs.Values.Where(l => l.IsValueCreated))
            log.Value.Dispose();
    }

    private EventLog Open(string stream) => EventLog.Open(
        Path.Combine(options.DataFolder, "streams", FolderOf(stream)),
        new EventLogOptions { Name = stream, RetainFor = options.Streams.RetainFor, RetainBytes = options.Streams.RetainBytes, QueueBytes = options.Streams.QueueBytes, TimeProvider = time, MeterFactory = meters });

    /// <summary>Names differ in case alone where folders may not; and may have characters that a folder cannot have.</summary>
    private static string FolderOf(string stream) =>
        string.Concat(stream.Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_' ? $"{c}" : $"-{(int)c:x}-"));
}
