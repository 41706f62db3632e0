using Cep.Engine.Connectors.EventLogs;
using Xunit;

namespace Cep.Engine.Tests.Connectors.EventLogs;

/// <summary>Random damage to a log of some segments: what is read is what was written, or the damage is told. Only the end of the newest segment may be missing.</summary>
public sealed class EventLogDamageTests : IDisposable
{
    private const int Damages = 250;

    private readonly LogBed _bed = new();
    private readonly List<(string Path, byte[] Bytes)> _files = [];
    private List<string> _texts = [];

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_becomes_of_a_file_is_told(int seed)
    {
        var random = new Random(seed);
        await Write(random);
        int told = 0, cut = 0;
        for (int i = 0; i < Damages; i++)
        {
            int file = random.Next(3) == 0 ? random.Next(_files.Count) : _files.Count - 1;
            byte[] damaged = Damage(_files[file].Bytes, random);
            foreach (string path in _bed.Files) File.Delete(path);
            for (int f = 0; f < _files.Count; f++) await File.WriteAllBytesAsync(_files[f].Path, f == file ? damaged : _files[f].Bytes);
            int? expected = Expected(file, damaged);
            if (expected is { } entries) Assert.Equal(_texts.Take(entries), _bed.ReadAll());
            else Assert.Throws<CorruptEventLogException>(() => _bed.ReadAll());
            if (expected is null) told++;
            else if (expected < _texts.Count) cut++;
        }

        Assert.InRange(told, Damages / 5, Damages);
        Assert.InRange(cut, Damages / 20, Damages);
    }

    private async Task Write(Random random)
    {
        _bed.Options = _bed.Options with { SegmentBytes = 4096 };
        using (EventLog log = _bed.Open())
        {
            for (int i = 0; i < 40; i++)
            {
                string[] batch = [.. Enumerable.Range(0, random.Next(1, 6)).Select(n => $"{i}.{n} {new string('x', random.Next(100))}")];
                await log.AppendAsync(LogBed.Batch(batch));
            }

            _texts = LogBed.Read(log);
        }

        _files.AddRange(_bed.Files.Select(path => (path, File.ReadAllBytes(path))));
        Assert.InRange(_files.Count, 2, 10);
    }

    /// <summary>How many entries are left; null where the damage has to be told.</summary>
    private int? Expected(int file, byte[] damaged)
    {
        byte[] whole = _files[file].Bytes;
        if (damaged.AsSpan().SequenceEqual(whole)) return _texts.Count;
        if (file < _files.Count - 1) return null;
        int left = (int)EventLogFormat.BaseOffset(Path.GetFileName(_files[file].Path))!.Value;
        if (!damaged.AsSpan().StartsWith(whole.AsSpan(0, EventLogFormat.HeaderBytes))) return damaged.Length <= EventLogFormat.HeaderBytes ? left : null;
        (int Start, int Bytes, int Count)[] groups = [.. GroupsOf(whole)];
        (int Start, int Bytes, int Count)[] intact = [.. groups.TakeWhile(g => damaged.Length >= g.Start + g.Bytes && damaged.AsSpan(g.Start, g.Bytes).SequenceEqual(whole.AsSpan(g.Start, g.Bytes)))];
        int end = intact.Length == 0 ? EventLogFormat.HeaderBytes : intact[^1].Start + intact[^1].Bytes;
        bool isFollowed = Array.Exists(groups, g => damaged.AsSpan(end).IndexOf(whole.AsSpan(g.Start, g.Bytes)) >= 0);
        return isFollowed ? null : left + intact.Sum(g => g.Count);
    }

    private static IEnumerable<(int Start, int Bytes, int Count)> GroupsOf(byte[] segment)
    {
        uint salt = BitConverter.ToUInt32(segment, 12);
        for (int at = EventLogFormat.HeaderBytes; at < segment.Length;)
        {
            Assert.True(EventLogFormat.TryReadGroup(segment.AsSpan(at), salt, out GroupHeader group));
            yield return (at, group.Bytes, group.Count);
            at += group.Bytes;
        }
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        byte[] bytes = [.. whole];
        int from = random.Next(bytes.Length), length = random.Next(1, Math.Min(random.Next(2) == 0 ? 16 : 2_000, bytes.Length - from) + 1);
        Span<byte> range = bytes.AsSpan(from, length);
        switch (random.Next(8))
        {
            case 0: for (int i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8)); break;
            case 1: range.Clear(); break;
            case 2: random.NextBytes(range); break;
            case 3: bytes.AsSpan(random.Next(bytes.Length - length + 1), length).CopyTo(range); break;
            case 4: return bytes[..from];
            case 5: return [.. bytes, .. new byte[length]];
            case 6: return [.. bytes, .. range];
            case 7: return [.. bytes[..from], .. bytes[(from + length)..]];
        }

        return bytes;
    }
}
