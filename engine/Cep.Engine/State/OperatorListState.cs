using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;
using Cep.Engine.State.Serializers;

namespace Cep.Engine.State;

/// <summary>A list that belongs to a subtask and to no key.</summary>
/// <typeparam name="T">The type of the elements, which are not changed in place.</typeparam>
/// <remarks>After a restore every subtask has the elements of all, and drops those that are not its own: the union redistribution.</remarks>
public sealed class OperatorListState<T> : OperatorListState
{
    private readonly StateSerializer<T> _serializer;
    private readonly List<T> _items = [];
    private Func<StateInput, T>? _read;
    private StateSchema? _readSchema;

    internal OperatorListState(ListStateDescriptor<T> descriptor)
        : base(descriptor.Name) => _serializer = descriptor.Serializer;

    internal override StateSchema Schema => new(Name, Kind, "", _serializer.Schema);

    /// <summary>The elements in the order they were added; after a restore, in order of the subtasks that wrote them.</summary>
    public IReadOnlyList<T> Items => _items;

    /// <summary>Adds an element.</summary>
    public void Add(T value) => _items.Add(value);

    /// <summary>Puts other elements in place of all.</summary>
    public void Set(IEnumerable<T> values)
    {
        T[] copy = [.. values];
        _items.Clear();
        _items.AddRange(copy);
    }

    internal override List<byte[]> Save()
    {
        var output = new StateOutput();
        var saved = new List<byte[]>(_items.Count);
        foreach (T item in _items)
        {
            output.Clear();
            _serializer.Write(item, output);
            saved.Add(output.Written.ToArray());
        }

        return saved;
    }

    internal override void Restore(in SegmentEntry entry)
    {
        if (entry.IsDelete) return;
        if (_read is null || !ReferenceEquals(_readSchema, entry.State)) _read = _serializer.ReaderOf(entry.State.Value, $"the value of state '{Name}'");
        _readSchema = entry.State;
        var input = new StateInput();
        input.Reset(entry.Value);
        _items.Add(_read(input));
        input.End();
    }
}

/// <summary>A state of a subtask that belongs to no key. Every snapshot has all of it, so it is to be small.</summary>
public abstract class OperatorListState
{
    internal const string Kind = "operator";

    private protected OperatorListState(string name) => Name = name;

    /// <summary>The name, unique in the operator.</summary>
    public string Name { get; }

    internal abstract StateSchema Schema { get; }

    /// <summary>The bytes of the elements.</summary>
    internal abstract List<byte[]> Save();

    internal abstract void Restore(in SegmentEntry entry);

    /// <summary>Fixes the elements of some states as they are now.</summary>
    internal static OperatorSnapshot BeginSnapshot(IEnumerable<OperatorListState> states) => new Snapshot([.. states.Select(s => (s.Schema, s.Save()))]);

    private sealed class Snapshot(List<(StateSchema Schema, List<byte[]> Items)> states) : OperatorSnapshot
    {
        public override bool Write(SegmentWriter writer, long budgetBytes)
        {
            var key = new StateOutput();
            foreach ((StateSchema schema, List<byte[]> items) in states)
            {
                int number = writer.Declare(schema, replaces: true);
                for (int i = 0; i < items.Count; i++)
                {
                    key.Clear();
                    key.Unsigned((ulong)i);
                    writer.Put(number, SegmentWriter.NonKeyed, key.Written, items[i]);
                }
            }

            states.Clear();
            return true;
        }
    }
}
