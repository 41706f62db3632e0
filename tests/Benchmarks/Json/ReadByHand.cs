using System.Text.Json;
using Cep.Benchmarks.ByHand;
using Cep.Benchmarks.Streams;

namespace Cep.Benchmarks.Json;

/// <summary>Reads a file of JSON lines into a program written by hand, and writes what it finds as JSON lines: one loop, one thread.</summary>
/// <remarks>It trusts its input: no field is missing, no line is malformed, no event is late.</remarks>
internal sealed class ReadByHand(HandWritten program, string input, string output)
{
    private const int BufferBytes = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private Utf8JsonWriter _json = null!;
    private Stream _output = null!;

    /// <returns>The number of events.</returns>
    public long Run()
    {
        using var bytes = new FileStream(input, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var matches = _output = new FileStream(output, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes);
        using var json = _json = new Utf8JsonWriter(matches);
        program.Found = Write;
        var events = 0L;
        var filled = 0;
        while (bytes.Read(_buffer, filled, _buffer.Length - filled) is > 0 and var read)
        {
            filled += read;
            var rest = _buffer.AsSpan(0, filled);
            for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
            {
                program.OnEvent(Parse(rest[..end]));
                events++;
            }
            filled = rest.Length;
            rest.CopyTo(_buffer);
        }
        return events;
    }

    private static Tick Parse(ReadOnlySpan<byte> line)
    {
        var (key, type, price, timeMs) = (0, "", 0.0, 0L);
        var json = new Utf8JsonReader(line);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            if (name.SequenceEqual("key"u8))
                key = json.GetInt32();
            else if (name.SequenceEqual("type"u8))
                type = TypeOf(json.ValueSpan);
            else if (name.SequenceEqual("price"u8))
                price = json.GetDouble();
            else if (name.SequenceEqual("ts"u8))
                timeMs = json.GetInt64();
        }
        return new Tick { Key = key, Type = type, Price = price, TimeMs = timeMs };
    }

    private static string TypeOf(ReadOnlySpan<byte> utf8) => utf8[0] switch
    {
        (byte)'A' => "A",
        (byte)'B' => "B",
        (byte)'C' => "C",
        (byte)'D' => "D",
        _ => "E",
    };

    private void Write(Tick[] events)
    {
        _json.Reset();
        _json.WriteStartArray();
        foreach (var e in events)
        {
            _json.WriteStartObject();
            _json.WriteNumber("key", e.Key);
            _json.WriteString("type", e.Type);
            _json.WriteNumber("price", e.Price);
            _json.WriteNumber("ts", e.TimeMs);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
        _json.Flush();
        _output.WriteByte((byte)'\n');
    }
}
