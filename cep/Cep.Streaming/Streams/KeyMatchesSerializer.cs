using System.Runtime.InteropServices;
using Cep.Conditions;
using Cep.Engine.State.Serializers;
using Cep.Evaluation;
using Cep.Evaluation.Snapshots;

namespace Cep.Streaming.Streams;

/// <summary>Owns the bytes of what a pattern remembers of a key, with events of one class as the class's serializer writes them.</summary>
/// <remarks>
/// <code>
/// schema  "matches/1" fingerprint of the pattern, or "code"; hash of its automaton; schema of the events
/// value   next sequence
///         nodes: count, { how far back the previous node is, 0 for none; step; event }
///         event: its number among the events so far; of a new one, which has the next number, time, sequence and content follow
///         partial, completed, dropped: each count, { state; node + 1, 0 for none }
/// </code>
/// An event that several partial matches share is written once and is one object again when read. Registers follow from the events. Not thread-safe.
/// </remarks>
internal sealed class KeyMatchesSerializer<T> : StateSerializer<KeyMatches> where T : class
{
    private const string Form = "matches/1";

    private readonly CompiledPattern _pattern;
    private readonly StateSerializer<T> _events;
    private readonly string _patternText;
    private readonly Dictionary<EventNode, int> _nodeIndex = [];
    private readonly Dictionary<long, int> _eventIndex = [];
    private readonly List<EventNode> _nodes = [];
    private readonly Stack<EventNode> _toPlace = new();

    public KeyMatchesSerializer(CompiledPattern pattern, StateSerializer<T> events)
    {
        _pattern = pattern;
        _events = events;
        _patternText = $"{Form} {FingerprintOf(pattern)} {Convert.ToHexStringLower(RunSetFormat.GraphHash(pattern.Nfa))} ";
    }

    /// <inheritdoc/>
    public override string Schema => _patternText + _events.Schema;

    /// <inheritdoc/>
    public override void Write(KeyMatches value, StateOutput output)
    {
        var runs = value.Runs!;
        Place(runs.Partial.Items);
        Place(runs.Completed.Items);
        Place(CollectionsMarshal.AsSpan(runs.Dropped));
        output.Long(value.NextSequence);
        WriteNodes(output);
        WriteRuns(runs.Partial.Items, output);
        WriteRuns(runs.Completed.Items, output);
        WriteRuns(CollectionsMarshal.AsSpan(runs.Dropped), output);
        _nodeIndex.Clear();
        _eventIndex.Clear();
        _nodes.Clear();
    }

    /// <inheritdoc/>
    public override Func<StateInput, KeyMatches> ReaderOf(string writtenSchema, string what)
    {
        if (!writtenSchema.StartsWith(_patternText, StringComparison.Ordinal))
            throw new StateSchemaException($"{char.ToUpperInvariant(what[0])}{what[1..]} holds partial matches of another pattern, or of a version of this program that builds another automaton of it.");
        var readEvent = _events.ReaderOf(writtenSchema[_patternText.Length..], what);
        return input => Read(input, readEvent);
    }

    private static string FingerprintOf(CompiledPattern pattern)
    {
        try
        {
            return PatternFingerprint.Of(pattern.Nfa.Pattern);
        }
        catch (NotSupportedException)
        {
            return "code";
        }
    }

    /// <summary>Gives every node of the runs' chains a place after the one it points to.</summary>
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
            }
        }
    }

    private void WriteNodes(StateOutput output)
    {
        output.Unsigned((ulong)_nodes.Count);
        for (var i = 0; i < _nodes.Count; i++)
        {
            var node = _nodes[i];
            output.Unsigned(node.Previous is { } previous ? (ulong)(i - _nodeIndex[previous]) : 0);
            output.Unsigned((ulong)node.Step);
            WriteEvent(node, output);
        }
    }

    private void WriteEvent(EventNode node, StateOutput output)
    {
        var isNew = _eventIndex.TryAdd(node.Sequence, _eventIndex.Count);
        output.Unsigned((ulong)_eventIndex[node.Sequence]);
        if (!isNew)
            return;
        if (node.Value.GetType() != typeof(T))
            throw new NotSupportedException($"An event is a `{node.Value.GetType().Name}`, and checkpoints keep events as `{typeof(T).Name}`.");
        output.Long(node.TimeMs);
        output.Long(node.Sequence);
        _events.Write((T)node.Value, output);
    }

    private void WriteRuns(ReadOnlySpan<Run> runs, StateOutput output)
    {
        output.Unsigned((ulong)runs.Length);
        foreach (ref readonly var run in runs)
        {
            output.Unsigned((ulong)run.State.Index);
            output.Unsigned(run.Last is { } last ? (ulong)_nodeIndex[last] + 1 : 0);
        }
    }

    private KeyMatches Read(StateInput input, Func<StateInput, T> readEvent)
    {
        var matches = new KeyMatches { NextSequence = input.Long(), IsRestored = true };
        var nodes = ReadNodes(input, readEvent);
        var runs = matches.Runs = new RunSet();
        foreach (var run in ReadRuns(input, nodes))
        {
            runs.Partial.Add(run);
            runs.States |= RunEvaluator.StateBit(run.State);
        }
        foreach (var run in ReadRuns(input, nodes))
            runs.Completed.Add(run);
        runs.Dropped.AddRange(ReadRuns(input, nodes));
        return matches;
    }

    private Node[] ReadNodes(StateInput input, Func<StateInput, T> readEvent)
    {
        var nodes = new Node[input.Unsigned((ulong)input.Left)];
        var taken = new List<(T Value, long TimeMs, long Sequence)>();
        for (var i = 0; i < nodes.Length; i++)
        {
            var back = (int)input.Unsigned((ulong)i);
            var step = (int)input.Unsigned((ulong)_pattern.Nfa.Steps.Count - 1);
            var number = (int)input.Unsigned((ulong)taken.Count);
            if (number == taken.Count)
            {
                var (timeMs, sequence) = (input.Long(), input.Long());
                taken.Add((readEvent(input), timeMs, sequence));
            }
            var e = taken[number];
            Node? before = back == 0 ? null : nodes[i - back];
            var node = new EventNode(before?.Last, step, e.Value, e.TimeMs, e.Sequence);
            nodes[i] = new Node(node, before?.First ?? node, RegisterLayout.Take(_pattern.Updates[step], before?.Registers ?? _pattern.Registers.Empty, e.Value));
        }
        return nodes;
    }

    private Run[] ReadRuns(StateInput input, Node[] nodes)
    {
        var runs = new Run[input.Unsigned((ulong)input.Left)];
        for (var i = 0; i < runs.Length; i++)
        {
            var state = _pattern.Nfa.States[(int)input.Unsigned((ulong)_pattern.Nfa.States.Count - 1)];
            var last = (int)input.Unsigned((ulong)nodes.Length);
            runs[i] = last == 0
                ? new Run(state, long.MaxValue, long.MaxValue, null, _pattern.Registers.Empty)
                : new Run(state, nodes[last - 1].First.TimeMs, nodes[last - 1].First.Sequence, nodes[last - 1].Last, nodes[last - 1].Registers);
        }
        return runs;
    }

    /// <summary>A node with what follows from the chain that ends with it.</summary>
    private readonly record struct Node(EventNode Last, EventNode First, Registers Registers);
}
