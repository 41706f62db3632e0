using System.Text;
using Cep.Engine.Connectors;
using Cep.Rules;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;

namespace Cep.Streaming.Tests.Support;

/// <summary>Runs a rule job over texts and keeps what it writes, as JSON lines.</summary>
internal sealed class JobRun
{
    private readonly MemoryStream _matches = new();
    private readonly MemoryStream _timeouts = new();
    private readonly MemoryStream _late = new();
    private readonly MemoryStream _malformed = new();
    private readonly MemoryStream _errors = new();

    public JobRun(PatternSet patterns, IReadOnlyList<EventInput> inputs, int parallelism = 1, TimeProvider? clock = null, bool explains = false)
    {
        var json = new MatchJson(patterns.RuleSet.Streams, explains ? new MatchExplainer(patterns) : null);
        Job = new RuleJob(patterns, new RuleJobOptions
        {
            Inputs = inputs,
            Parallelism = parallelism,
            TimeProvider = clock ?? TimeProvider.System,
            Matches = JsonLines.Sink<Match>(ByteOutput.ToStream("matches", _matches), json.Write),
            Timeouts = JsonLines.Sink<Match>(ByteOutput.ToStream("timeouts", _timeouts), json.Write),
            Late = JsonLines.Sink<LateRecord<StreamEvent>>(ByteOutput.ToStream("late", _late), json.Write),
            Errors = JsonLines.Sink<RuleError>(ByteOutput.ToStream("errors", _errors), json.Write),
            Malformed = JsonLines.Sink<MalformedRecord>(ByteOutput.ToStream("malformed", _malformed), MatchJson.Write),
        });
        Result = Job.Run();
    }

    public RuleJob Job { get; }

    public RuleJobResult Result { get; }

    public string Matches => Text(_matches);

    public string Timeouts => Text(_timeouts);

    public string Late => Text(_late);

    public string Malformed => Text(_malformed);

    public string Errors => Text(_errors);

    /// <summary>Everything that was written.</summary>
    public string All => $"{Matches}--\n{Timeouts}--\n{Late}--\n{Malformed}--\n{Errors}";

    /// <summary>An input of JSON lines over all streams of the set, or over those named.</summary>
    public static EventInput Json(PatternSet patterns, string text, params string[] streams) => Input(patterns, text, EventFormat.JsonLines, streams);

    public static EventInput Csv(PatternSet patterns, string text, params string[] streams) => Input(patterns, text, EventFormat.Csv, streams);

    private static EventInput Input(PatternSet patterns, string text, EventFormat format, string[] streams)
    {
        IReadOnlyList<StreamDefinition> all = patterns.RuleSet.Streams;
        var bytes = ByteInput.FromStream($"input of {string.Join(", ", streams)}", new MemoryStream(Encoding.UTF8.GetBytes(text)));
        return new EventInput(bytes, format, streams.Length == 0 ? all : [.. streams.Select(name => all.Single(s => s.Name == name))]);
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());
}
