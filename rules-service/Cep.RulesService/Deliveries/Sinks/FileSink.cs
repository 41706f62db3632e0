using System.Text.Json;
using Cep.RulesService.Alerts;

namespace Cep.RulesService.Deliveries.Sinks;

/// <summary>Appends alerts to a file, a line of JSON each, which are on the disk before they count as delivered.</summary>
/// <remarks>The file is opened for each batch, so it may be moved away to begin another. A line that a crash cut off is ended, and its alert comes again.</remarks>
internal sealed class FileSink(string name, SinkOptions options) : DeliverySink(name, options)
{
    private const byte NewLine = (byte)'\n';

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<DeliveryOutcome?>> DeliverAsync(IReadOnlyList<Alert> alerts, CancellationToken cancel)
    {
        var outcome = DeliveryOutcome.Delivered;
        try
        {
            await AppendAsync(alerts, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            outcome = new DeliveryOutcome($"The file cannot be written: {e.Message}");
        }
        return Enumerable.Repeat(outcome, alerts.Count).ToList();
    }

    private async Task AppendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancel)
    {
        var path = Path.GetFullPath(Options.Path!);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        using var lines = new MemoryStream();
        if (!EndsWithLine(file))
            lines.WriteByte(NewLine);
        foreach (var alert in alerts)
        {
            JsonSerializer.Serialize(lines, alert, AlertJson.Options);
            lines.WriteByte(NewLine);
        }
        await file.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), cancel).ConfigureAwait(false);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Leaves the file at its end.</summary>
    private static bool EndsWithLine(FileStream file)
    {
        if (file.Length == 0)
            return true;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == NewLine;
    }
}
