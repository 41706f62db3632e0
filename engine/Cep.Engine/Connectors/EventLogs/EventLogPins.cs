using System.Globalization;
using System.Text;
using Cep.Engine.Checkpoints;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>By name, the offset from which on somebody needs the entries of a log: a file of lines, so that it outlives the process.</summary>
internal sealed class EventLogPins
{
    private const string FileName = "pins";
    private const int MaxNameLength = 255;

    private readonly LogFolder _folder;
    private readonly Lock _gate = new();
    private volatile SortedDictionary<string, long> _pins = new(StringComparer.Ordinal);

    /// <summary>Reads the file, if there is one.</summary>
    /// <exception cref="CorruptEventLogException">It is damaged.</exception>
    public EventLogPins(LogFolder folder)
    {
        _folder = folder;
        if (!File.Exists(folder.PathOf(FileName))) return;
        string text = File.ReadAllText(folder.PathOf(FileName));
        string[] lines = text.Split('\n');
        foreach (string line in lines.SkipLast(2))
        {
            int space = line.IndexOf(' ');
            if (space < 0 || !long.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out long offset)) break;
            _pins[line[(space + 1)..]] = offset;
        }

        if (Text(_pins) != text) throw new CorruptEventLogException(folder.PathOf(FileName), 0, "it does not have its checksum");
    }

    public IReadOnlyDictionary<string, long> All => _pins;

    /// <summary>The least offset that is needed; the greatest possible value when none is.</summary>
    public long Oldest => _pins.Values.DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>Sets a pin, or with null takes it away. It is on the disk when this returns.</summary>
    public void Set(string name, long? offset)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxNameLength || name.Any(char.IsControl)) throw new ArgumentException($"The name of a pin has at most {MaxNameLength} characters, and none that controls.", nameof(name));
        lock (_gate)
        {
            var pins = new SortedDictionary<string, long>(_pins, StringComparer.Ordinal);
            if (offset is { } at ? pins.TryGetValue(name, out long before) && before == at : !pins.Remove(name)) return;
            if (offset is { } set) pins[name] = set;
            _folder.Replace(FileName, Encoding.UTF8.GetBytes(Text(pins)));
            _pins = pins;
        }
    }

    private static string Text(SortedDictionary<string, long> pins)
    {
        string lines = string.Concat(pins.Select(pin => string.Create(CultureInfo.InvariantCulture, $"{pin.Value} {pin.Key}\n")));
        return $"{lines}{Crc32C.Of(Encoding.UTF8.GetBytes(lines)):x8}\n";
    }
}
