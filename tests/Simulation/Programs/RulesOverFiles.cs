using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cep.Engine.Connectors;
using Cep.Rules;
using Cep.Streaming;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Tests.Support;

namespace Cep.Simulation.Programs;

/// <summary>Several random rules over files of random events. Swapping them for others while they run has its place here.</summary>
internal sealed class RulesOverFiles : SimulatedProgram, IDisposable
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _folder = Directory.CreateTempSubdirectory("cep-simulation-").FullName;
    private readonly PatternSet _patterns;
    private readonly MatchJson _json;
    private readonly List<string> _files = [];

    /// <param name="seed">Of the rules and events.</param>
    /// <param name="events">How many events there are, in all files together.</param>
    /// <param name="files">Over how many files they are spread.</param>
    public RulesOverFiles(int seed, int events, int files)
    {
        var random = new RandomCase(seed, events, isRich: true);
        _patterns = Compiled.Patterns(random.RuleText);
        _json = new MatchJson(_patterns.RuleSet.Streams);
        for (int file = 0; file < files; file++)
        {
            _files.Add(Path.Combine(_folder, $"{file}.jsonl"));
            File.WriteAllLines(_files[file], random.Events.Where((_, i) => i % files == file).Select(e => e.Json).Append("broken"));
        }
    }

    public override IReadOnlyList<string> Outputs => ["matches", "timeouts", "late", "errors", "malformed"];

    public override bool IsOrdered(string output) => true;

    public override SimulatedJob Create(ProgramPlace place)
    {
        var job = new RuleJob(_patterns, new RuleJobOptions
        {
            Inputs = [.. _files.Select(file => new EventInput(ByteInput.File(file), EventFormat.JsonLines, _patterns.RuleSet.Streams))],
            Parallelism = place.Options.Parallelism,
            TimeProvider = place.Options.TimeProvider,
            Checkpoints = place.Options.Checkpoints,
            Matches = Sink<Match>("matches", _json.Write),
            Timeouts = Sink<Match>("timeouts", _json.Write),
            Late = Sink<LateRecord<StreamEvent>>("late", _json.Write),
            Errors = Sink<RuleError>("errors", _json.Write),
            Malformed = Sink<MalformedRecord>("malformed", MatchJson.Write),
        });
        return new SimulatedJob(cancel => job.Run(cancel).Input, job.SavepointAsync);

        Sink<T> Sink<T>(string output, Action<Utf8JsonWriter, T> write) => place.SinkOf<T>(output, value => Text(write, value));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Text<T>(Action<Utf8JsonWriter, T> write, T value)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable)) write(json, value);
        // Every seed has a folder of its own.
        return Encoding.UTF8.GetString(bytes.ToArray()).Replace(_folder, "", StringComparison.Ordinal);
    }
}
