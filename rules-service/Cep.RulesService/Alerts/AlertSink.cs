using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cep.Engine.Connectors;
using Cep.Rules;
using Cep.Streaming.Matches;

namespace Cep.RulesService.Alerts;

/// <summary>Takes the matches of a job, which are alerts once the checkpoint after them is complete.</summary>
internal sealed class AlertSink(AlertStore store, IReadOnlyList<StreamDefinition> streams, MatchExplainer explainer) : TransactionalSink<Match>("alerts")
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly MatchJson _json = new(streams, explainer);
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly List<StagedAlert> _written = [];

    /// <inheritdoc/>
    public override void Write(in Match value) =>
        _written.Add(new StagedAlert(value.Id, value.Rule.Name, value.Rule.Version, NameOf(value.Severity), KeyOf(value), value.DetectedMs, AboutOf(value.Rule), ContentOf(value)));

    /// <inheritdoc/>
    public override void Restore(ReadOnlySpan<byte> handle)
    {
        _written.Clear();
        store.Restore(handle.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(handle));
    }

    /// <inheritdoc/>
    public override byte[] PreCommit(long checkpointId)
    {
        store.Stage(checkpointId, _written);
        _written.Clear();
        var handle = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(handle, checkpointId);
        return handle;
    }

    /// <inheritdoc/>
    public override void Commit(long checkpointId) => store.Commit(checkpointId);

    private static string NameOf(Severity severity) => severity.ToString().ToLowerInvariant();

    private static string KeyOf(Match match) => JsonSerializer.Serialize(match.Key);

    private static string AboutOf(Rule rule) => JsonSerializer.Serialize(
        new RuleFacts(rule.Title, rule.Owner, rule.Runbook, rule.Tags, rule.Inputs[0].KeyFields.Select(f => f.Name).ToList()), AlertJson.Options);

    private string ContentOf(Match match)
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer, Readable);
        _json.Write(json, match);
        json.Flush();
        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }
}
