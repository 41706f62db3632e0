using System.Text;
using System.Text.Json.Nodes;
using Cep.Engine.Connectors;
using Cep.Engine.Connectors.EventLogs;
using Cep.Engine.Streams;
using Cep.Engine.Time;
using Cep.Language;
using Cep.Language.Text;
using Cep.RulesService.Tests.Support;
using Cep.Streaming;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;

namespace Cep.RulesService.Tests.Kill;

/// <summary>A rule text in the time in which it ran: its first event is after one watermark, its last at or before another.</summary>
internal sealed record RuleSpan(string Rule, long AfterMs, long UpToMs);

/// <summary>What rules tell of the events of a log, found out by jobs that know no deployment, no checkpoint and no service.</summary>
internal sealed class AlertReference
{
    private readonly List<(long TimeMs, string Line)> _events = [];

    /// <summary>Reads a log that nobody has open. Late events are left out, as the service does.</summary>
    public AlertReference(string logFolder, string stream)
    {
        using var log = EventLog.Open(logFolder, new EventLogOptions { Name = stream });
        var lines = new MemorySink<string>();
        var environment = new StreamEnvironment();
        environment.From(new EventLogSource<string>(log, new Lines(), WatermarkStrategy.BoundedOutOfOrderness(0), log.NextOffset)).To(lines);
        environment.Run();
        var newest = long.MinValue;
        foreach (var line in lines.Values)
        {
            var timeMs = (long)JsonNode.Parse(line)!["ts"]!;
            if (timeMs < newest)
                continue;
            newest = timeMs;
            _events.Add((timeMs, line));
        }
    }

    /// <summary>How many events count.</summary>
    public int Events => _events.Count;

    /// <summary>What the rules told in their times: for each alert its rule, key and times.</summary>
    public IEnumerable<string> Of(IEnumerable<RuleSpan> spans) => spans.SelectMany(Of);

    /// <summary>
    /// What <see cref="CardRules.SmallThenLarge"/> told while its bound changed and its partial matches were carried: of each card, the first small payment of the last hour that no alert has yet, or that came
    /// after the last alert, and the first payment over the bound of its time.
    /// </summary>
    /// <param name="bounds">From when to when each bound held, in order and without a gap.</param>
    public IEnumerable<string> OfSmallThenLarge(IReadOnlyList<(int Bound, long AfterMs, long UpToMs)> bounds)
    {
        const long hourMs = 3_600_000;
        var small = new Dictionary<string, Queue<long>>();
        foreach (var (timeMs, line) in _events)
        {
            if (bounds.FirstOrDefault(b => timeMs > b.AfterMs && timeMs <= b.UpToMs) is not { Bound: > 0 and var bound })
                continue;
            var payment = JsonNode.Parse(line)!;
            var (card, amount) = ((string)payment["card_id"]!, (int)payment["amount"]!);
            if (!small.TryGetValue(card, out var waiting))
                small.Add(card, waiting = new Queue<long>());
            while (waiting.TryPeek(out var oldest) && oldest <= timeMs - hourMs)
                waiting.Dequeue();
            if (amount > bound && waiting.TryPeek(out var first))
            {
                waiting.Clear();
                yield return $"small_then_large {card} {first} {timeMs}";
            }
            if (amount < 2)
                waiting.Enqueue(timeMs);
        }
    }

    /// <summary>Fails where alerts were not told, or others were, or one more than once.</summary>
    public static void CheckSame(IEnumerable<string> expected, IEnumerable<string> told, string when)
    {
        var (wanted, found) = (expected.Order(StringComparer.Ordinal).ToList(), told.Order(StringComparer.Ordinal).ToList());
        Assert.True(
            wanted.SequenceEqual(found),
            $"Not told: {string.Join("; ", wanted.Except(found).Take(3))}. Not expected: {string.Join("; ", found.Except(wanted).Take(3))}. {wanted.Count} expected and {found.Count} told; {when}");
    }

    private IEnumerable<string> Of(RuleSpan span)
    {
        var text = new StringBuilder();
        foreach (var (timeMs, line) in _events)
        {
            if (timeMs > span.AfterMs && timeMs <= span.UpToMs)
                text.Append(line).Append('\n');
        }
        var set = RuleCompiler.Compile(new SourceText("reference", CardRules.Streams + "\n" + span.Rule)).RuleSet!;
        var matches = new MemorySink<Match>();
        var bytes = ByteInput.FromStream("reference", new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())));
        new RuleJob(PatternSet.Compile(set), new RuleJobOptions { Inputs = [new EventInput(bytes, EventFormat.JsonLines, set.Streams)], Matches = matches }).Run();
        return matches.Values.Select(m => $"{m.Rule.Name} {m.Key[0]} {m.StartMs} {m.EndMs}");
    }

    private sealed class Lines : RecordDecoder<string>
    {
        public override bool TryDecode(ReadOnlySpan<byte> record, long receivedAtMs, out string value, out long timestampMs, out string? error)
        {
            (value, timestampMs, error) = (Encoding.UTF8.GetString(record), 0, null);
            return true;
        }
    }
}
