using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cep.Engine.Connectors;

/// <summary>Makes sinks that write one JSON document a line.</summary>
public static class JsonLines
{
    /// <summary>A sink that writes each value with a <see cref="Utf8JsonWriter"/>.</summary>
    /// <param name="output">Where the lines go.</param>
    /// <param name="write">Writes one JSON value; called by the sink thread only. Text is escaped as JSON needs it and no further.</param>
    public static LineSink<T> Sink<T>(ByteOutput output, Action<Utf8JsonWriter, T> write) => new(output, Format(write));

    /// <summary>A sink whose file shows each value once, whatever fails.</summary>
    /// <param name="path">The file, as <see cref="TransactionalLineSink{T}"/> takes it.</param>
    /// <param name="write">As <see cref="Sink"/> takes it.</param>
    public static TransactionalLineSink<T> TransactionalSink<T>(string path, Action<Utf8JsonWriter, T> write) => new(path, Format(write));

    private static LineFormat<T> Format<T>(Action<Utf8JsonWriter, T> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        Utf8JsonWriter? json = null;
        return (IBufferWriter<byte> line, in T value) =>
        {
            if (json is null) json = new Utf8JsonWriter(line, options);
            else json.Reset(line);
            write(json, value);
            json.Flush();
        };
    }
}
