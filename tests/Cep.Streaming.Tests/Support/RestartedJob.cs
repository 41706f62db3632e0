using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Connectors.EventLogs;
using Cep.Engine.Runtime;
using Cep.Language;
using Cep.Rules;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Tests.Support;

/// <summary>A rule job over files that takes checkpoints in memory, and whose outputs are files that are written once, whatever fails.</summary>
internal sealed class RestartedJob : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cep-rules-").FullName;
    private readonly List<(IReadOnlyList<string> Streams, string Path)> _inputs = [];
    private readonly List<(IReadOnlyList<string> Streams, EventLog Log)> _logs = [];

    public CheckpointStore Store { get; init; } = new MemoryCheckpointStore();

    /// <summary>When checkpoints are taken. Default: one after the other.</summary>
    public CheckpointSettings Settings { get; init; } = new() { IntervalMs = 1 };

    /// <summary>What a job begins from where the store is empty.</summary>
    public Savepoint? From { get; init; }

    /// <summary>What becomes of partial matches where a job goes on from what other rules wrote.</summary>
    public SwapPolicy PolicyAtRestore { get; set; } = SwapPolicy.Carry;

    /// <summary>What writes and reads rules that are drained.</summary>
    public RuleSerializer? RuleSerializer { get; init; } = new RuleTextSerializer();

    /// <summary>Called before each match is written; may throw.</summary>
    public Action OnMatch { get; set; } = () => { };

    /// <summary>Called when all matches are written.</summary>
    public Action OnClose { get; set; } = () => { };

    public IMeterFactory? MeterFactory { get; init; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Adds an input of JSON lines over all streams, or over those named.</summary>
    public RestartedJob Input(IEnumerable<string> lines, params string[] streams)
    {
        _inputs.Add((streams, PathOf($"in{_inputs.Count}.jsonl")));
        File.WriteAllLines(_inputs[^1].Path, lines);
        return this;
    }

    /// <summary>Adds a file of JSON lines or CSV, also compressed, that holds the events of one stream.</summary>
    public RestartedJob InputFile(string path, string stream)
    {
        _inputs.Add(([stream], path));
        return this;
    }

    /// <summary>Adds an event log with the events of all streams, or of those named.</summary>
    public RestartedJob Input(EventLog log, params string[] streams)
    {
        _logs.Add((streams, log));
        return this;
    }

    /// <summary>Reads what another job reads: a split is known by its path.</summary>
    public RestartedJob InputsOf(RestartedJob other)
    {
        _inputs.AddRange(other._inputs);
        return this;
    }

    /// <summary>The inputs, for a rule set.</summary>
    public IReadOnlyList<EventInput> Inputs(PatternSet patterns) =>
        [.. _inputs.Select(i => new EventInput(ByteInput.File(i.Path), i.Path.Contains(".csv", StringComparison.Ordinal) ? EventFormat.Csv : EventFormat.JsonLines, StreamsOf(patterns, i.Streams))),
            .. _logs.Select(i => new EventInput(i.Log, StreamsOf(patterns, i.Streams)))];

    /// <summary>A job that goes on where the last one that used the store stands.</summary>
    public RuleJob New(PatternSet patterns, int parallelism, RestartStrategy? restart = null, bool explains = false)
    {
        var json = new MatchJson(patterns.RuleSet.Streams, explains ? new MatchExplainer(patterns) : null);
        return new RuleJob(patterns, new RuleJobOptions
        {
            Inputs = Inputs(patterns),
            Parallelism = parallelism,
            MeterFactory = MeterFactory,
            Checkpoints = new CheckpointOptions { Store = Store, Settings = Settings, Restart = restart ?? RestartStrategy.None, From = From },
            Matches = new Failing<Match>(Lines<Match>("matches", json.Write), () => OnMatch(), () => OnClose()),
            Timeouts = Lines<Match>("timeouts", json.Write),
            Late = Lines<LateRecord<StreamEvent>>("late", json.Write),
            Errors = Lines<RuleError>("errors", json.Write),
            Changes = Lines<RulesChanged>("changes", MatchJson.Write),
            PolicyAtRestore = PolicyAtRestore,
            RuleSerializer = RuleSerializer,
            Malformed = Lines<MalformedRecord>("malformed", MatchJson.Write),
        });
    }

    /// <summary>All that was written, as <see cref="JobRun.All"/>.</summary>
    public string All() => string.Join("--\n", new[] { "matches", "timeouts", "late", "malformed", "errors" }.Select(Written));

    /// <summary>What was written to one output.</summary>
    public string Written(string output) => File.ReadAllText(PathOf(output));

    private static IReadOnlyList<StreamDefinition> StreamsOf(PatternSet patterns, IReadOnlyList<string> names) =>
        names.Count == 0 ? patterns.RuleSet.Streams : [.. names.Select(n => patterns.RuleSet.Streams.Single(s => s.Name == n))];

    private TransactionalLineSink<T> Lines<T>(string name, Action<Utf8JsonWriter, T> write) => new(PathOf(name), (IBufferWriter<byte> line, in T value) =>
    {
        using var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        write(json, value);
    });

    private string PathOf(string name) => Path.Combine(_folder, name);

    private sealed class Failing<T>(TransactionalSink<T> inner, Action onWrite, Action onClose) : TransactionalSink<T>(inner.Name)
    {
        public override void Open() => inner.Open();

        public override void Write(in T value)
        {
            onWrite();
            inner.Write(value);
        }

        public override void Flush() => inner.Flush();

        public override void Close()
        {
            onClose();
            inner.Close();
        }

        public override void Restore(ReadOnlySpan<byte> handle) => inner.Restore(handle);

        public override byte[] PreCommit(long checkpointId) => inner.PreCommit(checkpointId);

        public override void Commit(long checkpointId) => inner.Commit(checkpointId);
    }
}
