using System.Text.Json;
using Cep.Conditions;
using Cep.Engine.Connectors;
using Cep.Events;
using Cep.Explain;
using Cep.Rules;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Matches;

/// <summary>The JSON lines that a rule job writes: matches and timeouts, failed rules, swaps of rules, late events, malformed records.</summary>
/// <remarks>Safe to share between threads, unless it explains.</remarks>
public sealed class MatchJson
{
    private readonly IReadOnlyList<StreamDefinition> _streams;
    private readonly EventJsonWriter[] _events;
    private readonly MatchExplainer? _explainer;

    /// <summary>Writes what jobs over these streams tell.</summary>
    /// <param name="streams">The streams of the rule set.</param>
    /// <param name="explainer">Adds to each match and timeout an <c>explanation</c>; null to leave it out.</param>
    public MatchJson(IReadOnlyList<StreamDefinition> streams, MatchExplainer? explainer = null)
    {
        _streams = streams;
        _explainer = explainer;
        _events = streams.Select(s => new EventJsonWriter(s.EventType)).ToArray();
    }

    /// <summary>
    /// Writes a match or timeout: rule, version, id, key, severity, start, end, detected, measures, the events of each step that took some, kind;
    /// how many alerts before it were suppressed and limited, where there were any; and where it is asked for, the explanation.
    /// </summary>
    public void Write(Utf8JsonWriter json, Match match)
    {
        json.WriteStartObject();
        json.WriteString("rule", match.Rule.Name);
        json.WriteNumber("version", match.Rule.Version);
        json.WriteString("id", match.Id);
        WriteKey(json, match.Rule, match.Key);
        json.WriteString("severity", NameOf(match.Severity));
        WriteTime(json, "start", match.StartMs);
        WriteTime(json, "end", match.EndMs);
        WriteTime(json, "detected", match.DetectedMs);
        WriteMeasures(json, match);
        json.WriteStartObject("events");
        foreach (var step in match.Steps)
        {
            json.WriteStartArray(step.Step);
            foreach (var e in step.Events)
                _events[e.Stream].Write(json, e.Value);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.WriteString("kind", match.Kind == MatchKind.Timeout ? "timeout" : "match");
        if (match.Suppressed > 0)
            json.WriteNumber("suppressed", match.Suppressed);
        if (match.Limited > 0)
            json.WriteNumber("limited", match.Limited);
        if (_explainer is not null)
            WriteExplanation(json, _explainer.Explain(match));
        json.WriteEndObject();
    }

    private static void WriteMeasures(Utf8JsonWriter json, Match match)
    {
        json.WriteStartObject("measures");
        for (var i = 0; i < match.Measures.Count; i++)
        {
            json.WritePropertyName(match.DeclaredMeasures[i].Name);
            EventJsonWriter.WriteValue(json, match.DeclaredMeasures[i].Value.Kind, match.Measures[i]);
        }
        json.WriteEndObject();
    }

    /// <summary>Writes a swap of rules: its watermark, and of each rule its name, the one before, how it differs and what became of its partial matches.</summary>
    public static void Write(Utf8JsonWriter json, RulesChanged changed)
    {
        json.WriteStartObject();
        WriteTime(json, "watermark", changed.WatermarkMs);
        json.WriteStartArray("rules");
        foreach (var rule in changed.Rules)
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Name);
            json.WriteString("before", rule.Before);
            json.WriteString("change", rule.Kind.ToString().ToLowerInvariant());
            json.WriteString("partials", rule.Fate.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Which event met which step: as a sentence of rule text with values, and the values apart, for programs.</summary>
    private void WriteExplanation(Utf8JsonWriter json, IReadOnlyList<ExplainedEvent> events)
    {
        json.WriteStartArray("explanation");
        foreach (var e in events)
        {
            json.WriteStartObject();
            json.WriteString("step", e.Step);
            json.WriteString("event", $"{_streams.First(s => s.EventType.ClrType.IsInstanceOfType(e.Event)).Name}#{e.Sequence + 1}");
            WriteTime(json, "time", e.TimeMs);
            json.WriteString("met", e.Condition?.ToString() ?? "any event");
            json.WriteStartObject("values");
            foreach (var read in e.Condition?.Reads ?? [])
            {
                json.WritePropertyName(read.Expr.ToString());
                EventJsonWriter.WriteValue(json, read.Expr.Kind, read.Value);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Writes a late event: its stream and source, its time, the watermark it was behind, and the event.</summary>
    public void Write(Utf8JsonWriter json, LateRecord<StreamEvent> late)
    {
        json.WriteStartObject();
        json.WriteString("stream", _streams[late.Value.Stream].Name);
        json.WriteString("source", late.SourceName);
        WriteTime(json, "time", late.TimestampMs);
        WriteTime(json, "watermark", late.WatermarkMs);
        json.WritePropertyName("event");
        _events[late.Value.Stream].Write(json, late.Value.Value);
        json.WriteEndObject();
    }

    /// <summary>Writes a malformed record: its source and line, why it is none, and its text.</summary>
    public static void Write(Utf8JsonWriter json, MalformedRecord malformed)
    {
        json.WriteStartObject();
        json.WriteString("source", malformed.SourceName);
        json.WriteNumber("line", malformed.Line);
        json.WriteString("reason", malformed.Reason);
        json.WriteString("text", malformed.Text);
        json.WriteEndObject();
    }

    /// <summary>Writes why a rule was quarantined: rule, version, key, time, message, and the event with its stream where there is one.</summary>
    public void Write(Utf8JsonWriter json, RuleError error)
    {
        json.WriteStartObject();
        json.WriteString("rule", error.Rule.Name);
        json.WriteNumber("version", error.Rule.Version);
        WriteKey(json, error.Rule, error.Key);
        WriteTime(json, "time", error.TimeMs);
        json.WriteString("message", error.Message);
        if (error.Event is { } e)
        {
            json.WriteString("stream", _streams[e.Stream].Name);
            json.WritePropertyName("event");
            _events[e.Stream].Write(json, e.Value);
        }
        else
        {
            json.WriteNull("event");
        }
        json.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter json, Rule rule, IReadOnlyList<object?> key)
    {
        json.WriteStartArray("key");
        for (var i = 0; i < key.Count; i++)
            EventJsonWriter.WriteValue(json, rule.Inputs[0].KeyFields[i].Kind, key[i]);
        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, long ms)
    {
        json.WritePropertyName(name);
        EventJsonWriter.WriteValue(json, ValueKind.Timestamp, ms);
    }

    private static string NameOf(Severity severity) => severity switch
    {
        Severity.Low => "low",
        Severity.Medium => "medium",
        Severity.High => "high",
        Severity.Critical => "critical",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, null),
    };
}
