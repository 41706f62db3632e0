using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Cep.Conditions;
using Cep.Events;
using Cep.Nfa;

namespace Cep.Evaluation.Snapshots;

/// <summary>Owns the bytes in which what a rule remembers of its keys is kept: the one place that knows their layout.</summary>
/// <remarks>
/// A snapshot is a header, once, and then any number of sets, one for each key; whose key it is, is the caller's to know.
/// <code>
/// header   "CEPR"  version  frame { fingerprint of the pattern (16)  hash of its automaton (8)  count, schema of each event type }
/// set      frame { events: count, { type, time, sequence, fields }     times and sequences as differences from the event before
///                  nodes:  count, { how far back the previous node is, 0 for none; step; event }
///                  partial, completed, dropped: each count, { state; node + 1, 0 for none }
///                  unless nothing has been told of any chain: count, { node; what } }
/// frame    length  CRC-32C of the content (4)  content
/// </code>
/// Numbers are varints. Partial and completed matches stand in the order of their heap's array, which decides between matches that end together. An
/// event or a stretch of chain that several matches share is written once and is one object again when read. Registers are not kept: they follow from
/// the events. Not thread-safe.
/// </remarks>
internal sealed class RunSetFormat
{
    /// <summary>The version that is written. Others are refused.</summary>
    public const byte Version = 1;

    private const int GraphHashSize = 8;

    private readonly CompiledPattern _pattern;
    private readonly IReadOnlyList<EventType> _types;
    private readonly EventBinaryWriter[] _writers;
    private readonly IReadOnlyList<int>? _streams;
    private readonly byte[] _fingerprint;

    // Scratch of writing.
    private readonly EventBinaryOutput _content = new();
    private readonly Dictionary<(object Value, long Sequence), int> _eventIndex = [];
    private readonly List<EventNode> _events = [];
    private readonly Dictionary<EventNode, int> _nodeIndex = [];
    private readonly List<EventNode> _nodes = [];
    private readonly Stack<EventNode> _toPlace = new();

    /// <summary>The format of a pattern's state.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="types">The types of the events that are offered to it; each has a class of its own.</param>
    /// <param name="streams">By type, the stream that its events come on, by the caller's count; null where the caller has one stream.</param>
    public RunSetFormat(CompiledPattern pattern, IReadOnlyList<EventType> types, IReadOnlyList<int>? streams = null)
    {
        _pattern = pattern;
        _types = types;
        _streams = streams;
        _writers = types.Select(t => new EventBinaryWriter(t)).ToArray();
        _fingerprint = PatternFingerprint.BytesOf(pattern.Nfa.Pattern);
    }

    private static ReadOnlySpan<byte> Magic => "CEPR"u8;

    // ---- writing

    /// <summary>Writes what stands before the sets, once a snapshot.</summary>
    public void WriteHeader(EventBinaryOutput output)
    {
        _content.Clear();
        _content.Bytes(_fingerprint);
        _content.Bytes(GraphHash(_pattern.Nfa));
        _content.Unsigned((ulong)_types.Count);
        foreach (var type in _types)
            EventBinarySchema.Of(type).Write(_content);
        output.Bytes(Magic);
        output.Byte(Version);
        Frame(output);
    }

    /// <summary>Writes what is remembered of one key.</summary>
    /// <exception cref="ArgumentException">It holds an event of a type that the format was not told of.</exception>
    public void Write(RunSet runs, EventBinaryOutput output)
    {
        Place(runs.Partial.Items);
        Place(runs.CompletedItems);
        Place(runs.DroppedItems);
        _content.Clear();
        WriteEvents();
        WriteNodes();
        WriteRuns(runs.Partial.Items);
        WriteRuns(runs.CompletedItems);
        WriteRuns(runs.DroppedItems);
        WriteTold();
        Frame(output);
        _eventIndex.Clear();
        _events.Clear();
        _nodeIndex.Clear();
        _nodes.Clear();
    }

    /// <summary>Gives every node of the runs' chains a place after the one it points to, and every event a place.</summary>
    private void Place(ReadOnlySpan<Run> runs)
    {
        foreach (ref readonly var run in runs)
        {
            for (var node = run.Last; node is not null && !_nodeIndex.ContainsKey(node); node = node.Previous)
                _toPlace.Push(node);
            while (_toPlace.TryPop(out var node))
            {
                _nodeIndex.Add(node, _nodes.Count);
                _nodes.Add(node);
                if (_eventIndex.TryAdd((node.Value, node.Sequence), _events.Count))
                    _events.Add(node);
            }
        }
    }

    private void WriteEvents()
    {
        _content.Unsigned((ulong)_events.Count);
        var (timeMs, sequence) = (0L, 0L);
        foreach (var node in _events)
        {
            var type = TypeOf(node);
            _content.Unsigned((ulong)type);
            _content.Long(unchecked(node.TimeMs - timeMs));
            _content.Long(unchecked(node.Sequence - sequence));
            _writers[type].Write(_content, node.Value);
            (timeMs, sequence) = (node.TimeMs, node.Sequence);
        }
    }

    private int TypeOf(EventNode node)
    {
        for (var i = 0; i < _types.Count; i++)
        {
            if (_streams is null ? _types[i].ClrType == node.Value.GetType() : _streams[i] == node.Stream)
                return i;
        }
        throw new ArgumentException($"A {node.Value.GetType().Name} is of none of the types {string.Join(", ", _types)}.");
    }

    private void WriteNodes()
    {
        _content.Unsigned((ulong)_nodes.Count);
        for (var i = 0; i < _nodes.Count; i++)
        {
            var node = _nodes[i];
            _content.Unsigned(node.Previous is { } previous ? (ulong)(i - _nodeIndex[previous]) : 0);
            _content.Unsigned((ulong)node.Step);
            _content.Unsigned((ulong)_eventIndex[(node.Value, node.Sequence)]);
        }
    }

    private void WriteRuns(ReadOnlySpan<Run> runs)
    {
        _content.Unsigned((ulong)runs.Length);
        foreach (ref readonly var run in runs)
        {
            _content.Unsigned((ulong)run.State.Index);
            _content.Unsigned(run.Last is { } last ? (ulong)_nodeIndex[last] + 1 : 0);
        }
    }

    private void WriteTold()
    {
        var count = _nodes.Count(n => n.Told != Outcomes.None);
        if (count == 0)
            return;
        _content.Unsigned((ulong)count);
        for (var i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Told == Outcomes.None)
                continue;
            _content.Unsigned((ulong)i);
            _content.Unsigned((ulong)_nodes[i].Told);
        }
    }

    private void Frame(EventBinaryOutput output) => Frame(_content.Written, output);

    private static void Frame(ReadOnlySpan<byte> content, EventBinaryOutput output)
    {
        output.Unsigned((ulong)content.Length);
        Span<byte> checksum = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C(content));
        output.Bytes(checksum);
        output.Bytes(content);
    }

    /// <summary>Any content as a frame, to try the reader with.</summary>
    internal static byte[] Framed(ReadOnlySpan<byte> content)
    {
        var output = new EventBinaryOutput();
        Frame(content, output);
        return output.Written.ToArray();
    }

    // ---- reading

    /// <summary>Reads the header of a snapshot; what comes back reads its sets.</summary>
    /// <param name="input">Stands at the header, and afterwards at the first set.</param>
    /// <param name="carries">Whether the sets may be of another pattern, whose automaton has the same <see cref="AutomatonShape"/>.</param>
    /// <exception cref="InvalidDataException">The bytes are no snapshot, damaged, of another version, or of a pattern that means something else.</exception>
    public Reader ReadHeader(EventBinaryInput input, bool carries = false)
    {
        if (input.Left <= Magic.Length || !input.Bytes(Magic.Length).SequenceEqual(Magic))
            throw new InvalidDataException("This is no snapshot of partial matches: it does not begin with CEPR.");
        if (input.Byte() is not Version and var version)
            throw new InvalidDataException($"The snapshot has version {version}; this program reads version {Version}.");
        var content = Unframed(input, "header");
        var fingerprint = content.Bytes(PatternFingerprint.Size);
        var graphHash = content.Bytes(GraphHashSize);
        if (!carries)
            CheckPattern(fingerprint, graphHash);
        var readers = new TypeReader[content.Number(content.Left, "number of event types")];
        for (var i = 0; i < readers.Length; i++)
        {
            var schema = EventBinarySchema.Read(content);
            var type = _types.Select((t, at) => (t, at)).FirstOrDefault(t => t.t.Name == schema.Name, (null!, -1)).Item2;
            if (type < 0)
                throw new InvalidDataException($"The snapshot holds events of `{schema.Name}`, which the rule does not read any more.");
            readers[i] = new TypeReader(new EventBinaryReader(schema, _types[type]), _streams?[type] ?? 0);
        }
        CheckEnd(content, "header");
        return new Reader(_pattern, readers);
    }

    private void CheckPattern(ReadOnlySpan<byte> fingerprint, ReadOnlySpan<byte> graphHash)
    {
        if (!fingerprint.SequenceEqual(_fingerprint))
        {
            throw new InvalidDataException($"The partial matches are of a pattern with the fingerprint {Convert.ToHexStringLower(fingerprint)}; "
                + $"this one has {Convert.ToHexStringLower(_fingerprint)}.");
        }
        if (!graphHash.SequenceEqual(GraphHash(_pattern.Nfa)))
            throw new InvalidDataException("The partial matches were made by a version of this program that builds another automaton of the same pattern.");
    }

    private static EventBinaryInput Unframed(EventBinaryInput input, string what)
    {
        var length = input.Unsigned();
        if (input.Left < 4 || length > (ulong)(input.Left - 4))
            throw new InvalidDataException($"The {what} of the snapshot is cut off: {length} bytes are announced, {Math.Max(0, input.Left - 4)} are left.");
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(input.Bytes(4));
        var content = input.Part((int)length);
        return checksum == content.Checksum(Crc32C) ? content : throw new InvalidDataException($"The {what} of the snapshot is damaged: its checksum is wrong.");
    }

    private static void CheckEnd(EventBinaryInput content, string what)
    {
        if (content.Left > 0)
            throw new InvalidDataException($"The {what} of the snapshot goes on for {content.Left} bytes after its end.");
    }

    /// <summary>Tells automata apart: state numbers mean the same in two of the same hash.</summary>
    internal static byte[] GraphHash(Nfa.Nfa nfa)
    {
        var text = new StringBuilder();
        foreach (var state in nfa.States)
        {
            text.Append(state).Append(state.GapMs).Append('\n');
            foreach (var transition in state.Transitions)
                text.Append(transition).Append('\n');
        }
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))[..GraphHashSize];
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    /// <summary>Reads events of a type, which came on a stream.</summary>
    internal readonly record struct TypeReader(EventBinaryReader Events, int Stream);

    /// <summary>Reads the sets of a snapshot, one after the other.</summary>
    internal sealed class Reader(CompiledPattern pattern, TypeReader[] types)
    {
        private readonly record struct Event(object Value, long TimeMs, long Sequence, int Stream);

        /// <summary>A node with what follows from the chain that ends with it.</summary>
        private readonly record struct Node(EventNode Last, EventNode First, Registers Registers);

        /// <summary>Reads what is remembered of one key. Deadlines have no timer yet.</summary>
        /// <exception cref="InvalidDataException">The bytes are no set, or damaged.</exception>
        public RunSet Read(EventBinaryInput input)
        {
            var content = Unframed(input, "state of a key");
            var nodes = ReadNodes(content, ReadEvents(content));
            var runs = new RunSet();
            foreach (var run in ReadRuns(content, nodes))
            {
                runs.Partial.Add(run);
                runs.States |= RunEvaluator.StateBit(run.State);
            }
            foreach (var run in ReadRuns(content, nodes))
                runs.Completed.Add(run);
            if (ReadRuns(content, nodes) is { Length: > 0 } dropped)
                runs.Dropped.AddRange(dropped);
            if (content.Left > 0)
                ReadTold(content, nodes);
            CheckEnd(content, "state of a key");
            return runs;
        }

        private static void ReadTold(EventBinaryInput content, Node[] nodes)
        {
            for (var left = content.Number(nodes.Length, "number of chains told of"); left > 0; left--)
            {
                var node = content.Number(nodes.Length - 1, "chain told of");
                nodes[node].Last.Told = (Outcomes)content.Number((int)(Outcomes.Match | Outcomes.Timeout), "what has been told");
            }
        }

        private Event[] ReadEvents(EventBinaryInput content)
        {
            var read = new Event[content.Number(content.Left / 3, "number of events")];
            var (timeMs, sequence) = (0L, 0L);
            for (var i = 0; i < read.Length; i++)
            {
                var type = content.Number(types.Length - 1, "type of an event");
                timeMs = unchecked(timeMs + content.Long());
                sequence = unchecked(sequence + content.Long());
                read[i] = new Event(types[type].Events.Read(content), timeMs, sequence, types[type].Stream);
            }
            return read;
        }

        private Node[] ReadNodes(EventBinaryInput content, Event[] taken)
        {
            var nodes = new Node[content.Number(content.Left / 3, "number of events taken")];
            for (var i = 0; i < nodes.Length; i++)
            {
                var back = content.Number(i, "distance to the event taken before");
                var step = content.Number(pattern.Nfa.Steps.Count - 1, "step");
                var e = taken[content.Number(taken.Length - 1, "event")];
                var before = back == 0 ? default(Node?) : nodes[i - back];
                var node = new EventNode(before?.Last, step, e.Value, e.TimeMs, e.Sequence, e.Stream);
                var registers = RegisterLayout.Take(pattern.Updates[step], before?.Registers ?? pattern.Registers.Empty, e.Value);
                nodes[i] = new Node(node, before?.First ?? node, registers);
            }
            return nodes;
        }

        private Run[] ReadRuns(EventBinaryInput content, Node[] nodes)
        {
            var runs = new Run[content.Number(content.Left / 2, "number of matches")];
            for (var i = 0; i < runs.Length; i++)
            {
                var state = pattern.Nfa.States[content.Number(pattern.Nfa.States.Count - 1, "state")];
                var last = content.Number(nodes.Length, "last event of a match");
                runs[i] = last == 0
                    ? new Run(state, long.MaxValue, long.MaxValue, null, pattern.Registers.Empty)
                    : RunOf(state, nodes[last - 1]);
                if ((last == 0) != (state.Kind == StateKind.Start))
                    throw new InvalidDataException("A match without an event waits for a later one, or one with events for its first.");
            }
            return runs;
        }

        private static Run RunOf(State state, in Node node) => new(state, node.First.TimeMs, node.First.Sequence, node.Last, node.Registers);
    }
}
