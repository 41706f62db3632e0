using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cep.Differential.Cases;
using Cep.Engine.Connectors;
using Cep.Engine.Streams;
using Cep.Language;
using Cep.Rules;
using Cep.Simulation.Rules;
using Cep.Streaming;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Simulation.Programs;

/// <summary>Several random rules over files of random events; versions of the rule set take each other's place while they run, and when a process begins.</summary>
internal sealed class RulesOverFiles : SimulatedProgram, IDisposable
{
    private const string Matches = "matches";
    private const string Timeouts = "timeouts";
    private const string Errors = "errors";
    private const string Changes = "changes";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _folder = Directory.CreateTempSubdirectory("cep-simulation-").FullName;
    private readonly int? _pieceBytes;
    private readonly TimeSpan _pause;
    private readonly RuleVersions _versions;
    private RuleSwaps _swaps;
    private readonly MatchJson _json;
    private readonly List<string> _files = [];
    private readonly Dictionary<string, RulesChanged> _told = [];
    private ProgramPlace? _place;
    private RuleJob? _latest;
    private IReadOnlyList<StreamRecord<StreamEvent>>? _events;

    /// <param name="seed">Of the rules and events.</param>
    /// <param name="events">How many events there are, in all files together.</param>
    /// <param name="files">Over how many files they are spread.</param>
    /// <param name="pieceBytes">How much is read at a time; null for as much as there is.</param>
    /// <param name="pause">Before each piece.</param>
    public RulesOverFiles(int seed, int events, int files, int? pieceBytes, TimeSpan pause)
    {
        var random = new RandomCase(seed, events, isRich: true);
        (_pieceBytes, _pause) = (pieceBytes, pause);
        _versions = new RuleVersions(new SplitMix64((ulong)seed), random.RuleText);
        _swaps = new RuleSwaps(_versions);
        _json = new MatchJson(Patterns.RuleSet.Streams);
        for (int file = 0; file < files; file++)
        {
            _files.Add(Path.Combine(_folder, $"{file}.jsonl"));
            File.WriteAllLines(_files[file], random.Events.Where((_, i) => i % files == file).Select(e => e.Json).Append("broken"));
        }
    }

    public override IReadOnlyList<string> Outputs => [Matches, Timeouts, "late", Errors, Changes, "malformed"];

    public override bool IsOrdered(string output) => true;

    private PatternSet Patterns => _versions.All[0].Patterns;

    public override SimulatedJob Create(ProgramPlace place)
    {
        // What is asked of a process without checkpoints ends with it.
        if (place.Options.Checkpoints is null || _place?.Options.Checkpoints is null) _swaps = new RuleSwaps(_versions);
        _place = place;
        (RuleVersion version, SwapPolicy policy) = _swaps.Begin(place);
        RuleJob job = _latest = new RuleJob(version.Patterns, new RuleJobOptions
        {
            Inputs = Inputs(() => place.Scheduler.Delay(_pause)),
            Parallelism = place.Options.Parallelism,
            TimeProvider = place.Options.TimeProvider,
            Checkpoints = place.Options.Checkpoints,
            PolicyAtRestore = policy,
            RuleSerializer = new RuleTextSerializer(),
            Matches = Sink<Match>(Matches, _json.Write),
            Timeouts = Sink<Match>(Timeouts, _json.Write),
            Late = Sink<LateRecord<StreamEvent>>("late", _json.Write),
            Errors = Sink<RuleError>(Errors, _json.Write),
            Changes = place.SinkOf<RulesChanged>(Changes, Told),
            Malformed = Sink<MalformedRecord>("malformed", MatchJson.Write),
        });
        return new SimulatedJob(cancel => job.Run(cancel).Input, job.SavepointAsync) { Swap = random => _swaps.Ask(job, place, random) };

        Sink<T> Sink<T>(string output, Action<Utf8JsonWriter, T> write) => place.SinkOf<T>(output, value => Text(write, value));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Where nothing was swapped, as in the undisturbed run; in any case what the reference finds for each rule in the time of each version.</summary>
    public override IEnumerable<string> Differences(IReadOnlyDictionary<string, IReadOnlyList<string>> expected, IReadOnlyDictionary<string, IReadOnlyList<string>> actual)
    {
        var problems = new List<string>();
        RuleVersion now = _versions.All[RuleVersion.Of(_latest!.Patterns)];
        RuleTimeline? timeline = Timeline(actual, now, problems);
        if (timeline is null) return problems;
        timeline.CheckChanges(_place is { Options.Checkpoints.From: null, Guarantees.IsDamaged: false } ? _swaps.Done : [], problems);
        problems.AddRange(ReferenceDifferences(timeline, actual));
        bool isAsUndisturbed = timeline.Swaps.Count == 0 && timeline.First.Number == 0;
        return problems.Concat(base.Differences(expected, actual).Where(_ => isAsUndisturbed));
    }

    /// <summary>Each swap that was answered as done counts, whatever came after it.</summary>
    public override IEnumerable<string> BrokenAnswers(IReadOnlyDictionary<string, IReadOnlyList<string>> actual)
    {
        var problems = new List<string>();
        Timeline(actual, _versions.All[RuleVersion.Of(_latest!.Patterns)], problems)?.CheckDone(_swaps.Done, _swaps.BegunWith, problems);
        return problems;
    }

    private IReadOnlyList<EventInput> Inputs(Action onPiece) => [.. _files.Select(file => new EventInput(
        _pieceBytes is { } bytes ? PiecewiseInput.Of(file, File.ReadAllBytes(file), bytes, onPiece) : ByteInput.File(file), EventFormat.JsonLines, Patterns.RuleSet.Streams))];

    private RuleTimeline? Timeline(IReadOnlyDictionary<string, IReadOnlyList<string>> actual, RuleVersion now, List<string> problems) =>
        RuleTimeline.Of([.. actual[Changes].Select(text => _told[text])], _versions.All, now, problems);

    private IEnumerable<string> ReferenceDifferences(RuleTimeline timeline, IReadOnlyDictionary<string, IReadOnlyList<string>> actual)
    {
        var reference = new ReferenceRun(_events ??= ReferenceRun.Read(Inputs(() => { }), Patterns.RuleSet.Streams), _versions.All);
        reference.Run(timeline.First, timeline.Swaps.Select(swap => (swap.Changed.WatermarkMs, swap.After, swap.Changed.Rules)));
        string[] unsure = [.. reference.Unsure.Select(rule => $"{{\"rule\":\"{rule}\"")];
        return new[]
        {
            Difference(Matches, reference.Matches.Select(match => Text(_json.Write, match))),
            Difference(Timeouts, reference.Timeouts.Select(match => Text(_json.Write, match))),
            Difference(Errors, reference.Errors.Select(error => Text(_json.Write, error))),
        }.OfType<string>();

        string? Difference(string output, IEnumerable<string> found)
        {
            string? difference = SimulatedProgram.Difference([.. found.Where(IsSure)], [.. actual[output].Where(IsSure)], isOrdered: false);
            return difference is null ? null : $"{output}, where the first version was {timeline.First.Number}, swapped {timeline}: {difference}.";
        }

        bool IsSure(string line) => !Array.Exists(unsure, rule => line.StartsWith(rule, StringComparison.Ordinal));
    }

    private string Told(RulesChanged changed)
    {
        string text = Text<RulesChanged>(MatchJson.Write, changed);
        lock (_told) _told[text] = changed;
        return text;
    }

    private string Text<T>(Action<Utf8JsonWriter, T> write, T value)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable)) write(json, value);
        // Every seed has a folder of its own.
        return Encoding.UTF8.GetString(bytes.ToArray()).Replace(_folder, "", StringComparison.Ordinal);
    }
}
