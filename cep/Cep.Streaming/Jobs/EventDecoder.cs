using Cep.Engine.Connectors;
using Cep.Events;
using Cep.Rules;

namespace Cep.Streaming.Jobs;

/// <summary>Turns the records of an input into events of their streams.</summary>
internal abstract class EventDecoder : RecordDecoder<StreamEvent>
{
    private readonly int[] _positions;
    private readonly Func<object, long>?[] _times;

    /// <param name="input">The input.</param>
    /// <param name="streams">All streams of the set; events name theirs by its position here.</param>
    protected EventDecoder(EventInput input, IReadOnlyList<StreamDefinition> streams)
    {
        _positions = input.Streams.Select(s => StreamEvent.PositionOf(s, streams)).ToArray();
        _times = input.Streams.Select(s => s.Time is { } time ? time.Field.CompileTimeMs() : null).ToArray();
    }

    /// <summary>The decoder for an input's format.</summary>
    /// <exception cref="ArgumentException">A CSV input has several streams, an input has none, or a stream is not in the set.</exception>
    public static EventDecoder For(EventInput input, IReadOnlyList<StreamDefinition> streams) => (input.Format, input.Streams.Count) switch
    {
        (_, 0) => throw new ArgumentException($"The input {input.Name} has no stream.", nameof(input)),
        (EventFormat.JsonLines, _) => new Json(input, streams),
        (EventFormat.Csv, 1) => new Csv(input, streams),
        _ => throw new ArgumentException($"The CSV input {input.Name} can hold one stream only.", nameof(input)),
    };

    private StreamEvent Take(object value, int type, long receivedAtMs, out long timestampMs)
    {
        timestampMs = _times[type]?.Invoke(value) ?? receivedAtMs;
        return new StreamEvent(_positions[type], value);
    }

    private sealed class Json(EventInput input, IReadOnlyList<StreamDefinition> streams) : EventDecoder(input, streams)
    {
        private readonly JsonEventReader _reader = new(input.Streams.Select(s => s.EventType).ToArray());

        public override bool TryDecode(ReadOnlySpan<byte> record, long receivedAtMs, out StreamEvent value, out long timestampMs, out string? error)
        {
            if (_reader.TryRead(record, out var read, out var type, out error))
            {
                value = Take(read, type, receivedAtMs, out timestampMs);
                return true;
            }
            (value, timestampMs) = (default, 0);
            return false;
        }
    }

    private sealed class Csv(EventInput input, IReadOnlyList<StreamDefinition> streams) : EventDecoder(input, streams)
    {
        private readonly CsvEventReader _reader = new(input.Streams[0].EventType);

        public override void Header(ReadOnlySpan<byte> header)
        {
            if (_reader.Header(header) is { } problem)
                throw new InvalidDataException(problem);
        }

        public override bool TryDecode(ReadOnlySpan<byte> record, long receivedAtMs, out StreamEvent value, out long timestampMs, out string? error)
        {
            if (_reader.TryRead(record, out var read, out error))
            {
                value = Take(read, 0, receivedAtMs, out timestampMs);
                return true;
            }
            (value, timestampMs) = (default, 0);
            return false;
        }
    }
}
