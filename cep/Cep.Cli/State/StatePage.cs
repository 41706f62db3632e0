using System.Globalization;
using System.Text;
using Cep.Cli.Run;
using Cep.Cli.Terminal;
using Cep.Engine.Checkpoints;
using Cep.Engine.Time;
using Cep.Events;
using Cep.Explain;
using Cep.Rules;
using Cep.Streaming;
using Cep.Streaming.Inquiries;
using Cep.Streaming.Keys;

namespace Cep.Cli.State;

/// <summary>What <c>cep state show</c> prints of a checkpoint or savepoint.</summary>
internal sealed class StatePage(StateLocation location, TextStyle style)
{
    private const string Sources = "sources";
    private const int EntriesShown = 20;
    private const int TextShown = 60;
    private const int KeysShown = 100;

    private readonly Manifest _manifest = location.Snapshot.Manifest;
    private readonly StringBuilder _text = new();

    /// <summary>All of it: what it is, its inputs, and what each operator remembers.</summary>
    /// <param name="path">The folder as the user wrote it.</param>
    public string All(string path)
    {
        Head(path);
        Inputs(StoredInputs.Of(location.Snapshot));
        Title("Operators");
        foreach (var state in _manifest.Operators.Where(o => o.Uid != Sources))
            Operator(state, entries: false);
        return _text.ToString();
    }

    /// <summary>One operator, with the entries of its states.</summary>
    /// <param name="uid">One of the manifest's.</param>
    public string One(string uid)
    {
        Operator(_manifest.Operators.First(o => o.Uid == uid), entries: true);
        return _text.ToString();
    }

    /// <summary>The partial matches of one rule.</summary>
    /// <param name="patterns">The rules.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="key">The only key to show, as <see cref="KeyText"/> writes it; null for all.</param>
    /// <exception cref="InvalidDataException">The rule looked for something else when the state was written.</exception>
    public string PartialMatches(PatternSet patterns, Rule rule, string? key)
    {
        var state = OperatorInventory.Of(location.Snapshot, StoredRuns.OperatorUid).FirstOrDefault(s => s.Schema.Name == StoredRuns.StateOf(rule.Name));
        var keys = state is null ? [] : KeysOf(new StoredRuns(patterns, rule.Name, state.Schema), state, rule).Where(k => key is null || k.Key == key)
            .OrderBy(k => k.Matches[0].Taken[0].TimeMs).ThenBy(k => k.Key, StringComparer.Ordinal).ToList();
        Line(style.Bold($"{CheckpointWords.Count(keys.Sum(k => (long)k.Matches.Count), "partial match").Replace("matchs", "matches", StringComparison.Ordinal)} of {rule.Name}"
            + (key is null ? $", {CheckpointWords.Count(keys.Count, "key")}" : $", key {key}")));
        foreach (var (name, matches) in keys.Take(KeysShown))
            Key(name, matches);
        if (keys.Count > KeysShown)
            Line($"and {Number(keys.Count - KeysShown)} keys more; --key KEY shows one");
        return _text.ToString();
    }

    private static IEnumerable<(string Key, IReadOnlyList<PartialMatchReport> Matches)> KeysOf(StoredRuns runs, StateInventory state, Rule rule)
    {
        foreach (var value in state.Entries.Values)
        {
            var matches = runs.Read(value);
            if (matches.Count > 0)
                yield return (matches[0].Key.Count == 0 ? "all events" : KeyText.Of(rule.Inputs[0], matches[0].Key), matches.Select(m => m.PartialMatch).ToList());
        }
    }

    private void Key(string name, IReadOnlyList<PartialMatchReport> matches)
    {
        Line($"  {style.Cyan(name)}");
        foreach (var match in matches)
        {
            var taken = string.Join(", ", match.Taken.GroupBy(t => t.Step).Select(g => g.Count() == 1 ? g.Key : $"{g.Count()} {g.Key}"));
            var waits = match.Awaits.Count == 0 ? "is complete and held back"
                : $"waits for {string.Join(" or ", match.Awaits.Select(a => a.IsAbsence ? $"no {a.Step}" : a.Step))}";
            var until = match.DeadlineMs is { } deadline ? $" until {TimestampText.Format(deadline)}" : "";
            Line($"    has {taken} ({match.Taken.Count} of {match.EventsNeeded}) since {TimestampText.Format(match.Taken[0].TimeMs)}; {waits}{until}");
        }
    }

    private void Head(string path)
    {
        Line(style.Bold($"{(_manifest.IsSavepoint ? "Savepoint" : "Checkpoint")} {_manifest.CheckpointId} in {path}, taken at {TimestampText.Format(_manifest.CreatedMs)}"));
        Line($"  {CheckpointWords.Count(_manifest.Parallelism, "subtask")}, {_manifest.KeyGroups} key groups, {CheckpointWords.Size(_manifest.Bytes)} in {CheckpointWords.Count(_manifest.Files.Count(), "file")}");
        foreach (var (name, value) in _manifest.Properties.Where(p => !StoredRules.Properties.Contains(p.Key)).OrderBy(p => p.Key, StringComparer.Ordinal))
            Line($"  {name}: {Short(value)}");
        foreach (var draining in StoredRuns.DrainingIn(_manifest))
            Line($"  being drained: `{draining.Rule}`, its partial matches in `{draining.State}`");
        foreach (var refused in location.Refused)
            Line($"  {style.Yellow("not usable")}: {refused.Reason}");
    }

    private void Inputs(StoredInputs inputs)
    {
        Title($"Inputs: {CheckpointWords.Count(inputs.Events, "event")} read, watermark {Watermark(inputs.WatermarkMs)}");
        var names = inputs.Inputs.Select(i => i.Name.Length).DefaultIfEmpty().Max();
        foreach (var input in inputs.Inputs)
        {
            Line($"  {style.Cyan(input.Name.PadRight(names))}  {CheckpointWords.Count(input.Events, "event"),16}  "
                + (input.IsEnded ? "read to its end" : $"up to byte {Number(input.Offset)}, line {Number(input.Line)} comes next, watermark {Watermark(input.WatermarkMs)}"));
        }
    }

    private void Operator(OperatorState state, bool entries)
    {
        Line($"  {style.Cyan(state.Uid)}{(state.Name == state.Uid ? "" : $" ({state.Name})")}  {CheckpointWords.Count(state.Subtasks.Count, "subtask")}, "
            + $"{CheckpointWords.Size(state.Subtasks.Sum(s => s.Segments.Sum(f => f.Bytes)))} in {CheckpointWords.Count(state.Subtasks.Sum(s => s.Segments.Count), "file")}");
        var states = OperatorInventory.Of(location.Snapshot, state.Uid);
        var names = states.Select(s => s.Schema.Name.Length).DefaultIfEmpty().Max();
        foreach (var inventory in states)
        {
            var unit = inventory.Entries.Count == 1 ? "entry" : "entries";
            Line($"    {inventory.Schema.Name.PadRight(names)}  {inventory.Schema.Kind,-9} {Number(inventory.Entries.Count),9} {unit,-7}  {CheckpointWords.Size(inventory.Bytes),12}");
            if (entries)
                Entries(inventory);
        }
    }

    private void Entries(StateInventory state)
    {
        foreach (var ((group, key), value) in state.Entries.OrderBy(e => e.Key.KeyGroup).ThenBy(e => e.Key.Key, StringComparer.Ordinal).Take(EntriesShown))
        {
            var place = group < 0 ? $"subtask {-1 - group}" : $"key group {group}";
            Line($"      {place,-13}  {Text(state.Schema.Key, Convert.FromHexString(key))}  {Text(state.Schema.Value, value)}");
        }
        if (state.Entries.Count > EntriesShown)
            Line($"      and {Number(state.Entries.Count - EntriesShown)} more");
    }

    /// <summary>Bytes as their schema says; where that is not one of fields, their number.</summary>
    private static string Text(string schema, byte[] bytes) => bytes.Length == 0 ? ""
        : FieldSchema.TryRead(schema, bytes, out var fields) && fields.Count > 0 ? string.Join(" ", fields.Select(f => $"{f.Name}={Short(Value(f.Value))}"))
        : bytes.Length <= TextShown / 2 ? Convert.ToHexStringLower(bytes)
        : CheckpointWords.Count(bytes.Length, "byte");

    private static string Value(object value) => value switch
    {
        long number => number.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        _ => (string)value,
    };

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= TextShown ? line : $"{line[..TextShown]}… ({CheckpointWords.Count(text.Length, "character")})";
    }

    private static string Watermark(long ms) => ms switch
    {
        Engine.Time.Watermark.None => "none",
        Engine.Time.Watermark.End => "at the end of input",
        _ => TimestampText.Format(ms),
    };

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private void Title(string title) => Line("\n" + style.Bold(title));

    private void Line(string line) => _text.Append(line).Append('\n');
}
