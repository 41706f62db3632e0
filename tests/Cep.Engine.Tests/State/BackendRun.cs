using System.Globalization;
using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;
using Cep.Engine.State;
using Xunit;

namespace Cep.Engine.Tests.State;

/// <summary>A random life of a backend beside a model of plain dictionaries: what a snapshot restores is what the model was at the barrier.</summary>
internal sealed class BackendRun
{
    private const int Keys = 40;

    private readonly Func<KeyedStateBackend<string>> _create;
    private readonly Random _random;
    private readonly string _name;
    private readonly SortedDictionary<string, string> _model = new(StringComparer.Ordinal);
    private readonly List<Segment> _chain = [];
    private States _states;
    private OperatorSnapshot? _snapshot;
    private SegmentWriter _writer = null!;
    private SnapshotKind _kind;
    private string _atBarrier = "";

    public BackendRun(Func<KeyedStateBackend<string>> create, Random random, string name)
    {
        _create = create;
        _random = random;
        _name = name;
        _states = new States(create());
    }

    public void Run()
    {
        for (int step = 0; step < 600; step++)
        {
            int choice = _random.Next(100);
            if (choice < 3) Begin();
            else if (choice < 12) WriteSlice();
            else if (choice < 13) Abandon();
            else Change($"k{_random.Next(Keys)}");
            if (choice == 99) _states.Backend.AdvanceWatermark(step);
        }

        while (_snapshot is not null) WriteSlice();
        Assert.True(Dump(_model) == _states.Dump(), $"{_name}: the backend differs from the model");
    }

    private void Change(string key)
    {
        KeyedStateBackendContract.Set(_states.Backend, key);
        int number = _random.Next(5);
        switch (_random.Next(9))
        {
            case 0 or 1:
                _states.Value.Value = $"v{number}";
                _model[$"{key} value"] = $"v{number}";
                break;
            case 2:
                _states.Value.Clear();
                _model.Remove($"{key} value");
                break;
            case 3:
                _states.List.Add(number);
                _model[$"{key} list"] = $"{_model.GetValueOrDefault($"{key} list")}{number},";
                break;
            case 4:
                _states.List.Clear();
                _model.Remove($"{key} list");
                break;
            case 5:
                _states.Map[number] = number * 2;
                _model[$"{key} map {number}"] = (number * 2).ToString(CultureInfo.InvariantCulture);
                break;
            case 6:
                _states.Map.Remove(number);
                _model.Remove($"{key} map {number}");
                break;
            case 7:
                _states.Sum.Add(number);
                _model[$"{key} sum"] = (number + long.Parse(_model.GetValueOrDefault($"{key} sum") ?? "0", CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
                break;
            default:
                RemoveAll(key);
                break;
        }
    }

    private void RemoveAll(string key)
    {
        _states.Value.Clear();
        _states.List.Clear();
        _states.Map.Clear();
        _states.Sum.Clear();
        foreach (string entry in _model.Keys.Where(k => k.StartsWith($"{key} ", StringComparison.Ordinal)).ToArray()) _model.Remove(entry);
    }

    private void Begin()
    {
        if (_snapshot is not null) return;
        _kind = (SnapshotKind)_random.Next(3);
        if (_kind == SnapshotKind.Full) _chain.Clear();
        _atBarrier = Dump(_model);
        _snapshot = _states.Backend.BeginSnapshot(_kind);
        _writer = new SegmentWriter("op", 0, _kind);
    }

    private void WriteSlice()
    {
        if (_snapshot is null || !_snapshot.Write(_writer, _random.Next(200))) return;
        _snapshot = null;
        Segment segment = _writer.Complete();
        if (_kind != SnapshotKind.Savepoint) _chain.Add(segment);
        var restored = new States(_create());
        KeyedStateBackendContract.Restore(restored.Backend, _kind == SnapshotKind.Savepoint ? [segment] : _chain);
        Assert.True(_atBarrier == restored.Dump(), $"{_name}: a snapshot of kind {_kind} differs from the model");

        // Now and then the run goes on with what was restored, if that is where the model is.
        if (_kind != SnapshotKind.Savepoint && _atBarrier == Dump(_model)) _states = restored;
    }

    private void Abandon()
    {
        _snapshot?.Abandon();
        _snapshot = null;
    }

    private static string Dump(SortedDictionary<string, string> entries) => string.Join('\n', entries.Select(e => $"{e.Key}={e.Value}"));

    private sealed class States
    {
        public States(KeyedStateBackend<string> backend)
        {
            Backend = backend;
            Value = backend.State(new ValueStateDescriptor<string>("value"));
            List = backend.State(new ListStateDescriptor<int>("list"));
            Map = backend.State(new MapStateDescriptor<int, int>("map"));
            Sum = backend.State(new ReducingStateDescriptor<long>("sum", (a, b) => a + b));
        }

        public KeyedStateBackend<string> Backend { get; }

        public ValueState<string> Value { get; }

        public ListState<int> List { get; }

        public MapState<int, int> Map { get; }

        public ReducingState<long> Sum { get; }

        public string Dump()
        {
            var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
            for (int i = 0; i < Keys; i++)
            {
                string key = $"k{i}";
                KeyedStateBackendContract.Set(Backend, key);
                if (Value.TryGet(out string? value)) entries[$"{key} value"] = value;
                if (List.Items.Length > 0) entries[$"{key} list"] = string.Concat(List.Items.ToArray().Select(n => $"{n},"));
                foreach ((int at, int number) in Map.Entries) entries[$"{key} map {at}"] = number.ToString(CultureInfo.InvariantCulture);
                if (Sum.TryGet(out long sum)) entries[$"{key} sum"] = sum.ToString(CultureInfo.InvariantCulture);
            }

            return BackendRun.Dump(entries);
        }
    }
}
