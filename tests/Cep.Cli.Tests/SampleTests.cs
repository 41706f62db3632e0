using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Cep.Cli.Tests;

/// <summary>Runs each folder of sample-rules over its events and compares with what its folder <c>expected</c> holds.</summary>
public class SampleTests(SampleRuns runs) : IClassFixture<SampleRuns>
{
    private static readonly string[] Names = ["fraud", "iot", "security"];

    public static TheoryData<string> Samples => [.. Names];

    public static TheoryData<string, int> SamplesAndParallelism
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var sample in Names)
            {
                data.Add(sample, 1);
                data.Add(sample, 2);
            }

            return data;
        }
    }

    [Fact]
    public void Every_folder_with_events_is_tested() => Assert.Equal(
        Names, Directory.GetDirectories(Repository.Sample()).Where(d => Directory.Exists(Path.Combine(d, "events"))).Select(d => Path.GetFileName(d)).Order());

    [Theory]
    [MemberData(nameof(SamplesAndParallelism))]
    public void Matches_are_the_expected_ones_byte_for_byte(string sample, int parallelism) =>
        Assert.Equal(File.ReadAllText(Repository.Sample(sample, "expected", "matches.jsonl")), File.ReadAllText(Run(sample, parallelism).Matches));

    [Theory]
    [MemberData(nameof(SamplesAndParallelism))]
    public void Timeouts_are_the_expected_ones_byte_for_byte(string sample, int parallelism)
    {
        // A sample whose rules never run out of time has no such file.
        var expected = Repository.Sample(sample, "expected", "timeouts.jsonl.gz");
        Assert.Equal(File.Exists(expected) ? SampleFile.Text(expected) : "", File.ReadAllText(Run(sample, parallelism).Timeouts));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_incident_is_found_and_nothing_else(string sample)
    {
        var found = SampleRun.Parse(Repository.Sample(sample, "expected", "matches.jsonl")).ToList();
        foreach (var incident in SampleTruth.Of(sample).Incidents)
            Assert.Equal((incident, incident.Matches), (incident, found.RemoveAll(match => IsOf(match, incident))));
        Assert.Empty(found);
    }

    [Theory]
    [MemberData(nameof(SamplesAndParallelism))]
    public void Malformed_lines_are_those_that_were_put_in(string sample, int parallelism)
    {
        var actual = SampleRun.Parse(Run(sample, parallelism).Malformed).Select(m => (NameOf(m), (int)m["line"]!));
        var expected = SampleTruth.Of(sample).Files.SelectMany(file => file.Value.Malformed.Select(m => (file.Key, m.Line)));
        Assert.Equal(expected.Order(), actual.Order());
    }

    [Theory]
    [MemberData(nameof(SamplesAndParallelism))]
    public void Late_lines_are_those_that_were_put_in(string sample, int parallelism)
    {
        var late = SampleRun.Parse(Run(sample, parallelism).Late).ToLookup(NameOf);
        foreach (var (name, truth) in SampleTruth.Of(sample).Files)
        {
            var lines = SampleFile.Lines(Repository.Sample(sample, "events", name), truth.Malformed.Select(m => m.Line).ToHashSet());
            Assert.Equal(truth.Late, late[name].Select(l => lines.Single(line => IsOf(l, line.Values)).Number).Order());
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_README_tells_the_numbers(string sample)
    {
        var readme = File.ReadAllLines(Repository.Sample("README.md"));
        var (matches, timeouts) = (SampleRun.Parse(Run(sample, 1).Matches).ToList(), SampleRun.Parse(Run(sample, 1).Timeouts).ToList());
        foreach (var rule in SampleTruth.Of(sample).Incidents.Select(i => i.Rule).Distinct())
        {
            var row = Assert.Single(readme, line => line.StartsWith($"| [{sample}/{rule}](", StringComparison.Ordinal));
            Assert.EndsWith($" | {matches.Count(m => (string)m["rule"]! == rule)} | {timeouts.Count(t => (string)t["rule"]! == rule)} |", row);
        }

        foreach (var (name, file) in SampleTruth.Of(sample).Files)
        {
            var start = string.Create(CultureInfo.InvariantCulture, $"| {sample}/events/{name} | {file.Lines:N0} | {file.Late.Count} | {file.Malformed.Count} |");
            Assert.Single(readme, line => line.StartsWith(start, StringComparison.Ordinal));
        }
    }

    private SampleRun Run(string sample, int parallelism) =>
        runs.Of(sample, Repository.Sample(sample), Directory.GetFiles(Repository.Sample(sample, "events")).Order(StringComparer.Ordinal), parallelism);

    private static string NameOf(JsonNode putAside) => Path.GetFileName((string)putAside["source"]!);

    private static bool IsOf(JsonNode match, TrueIncident incident) =>
        (string)match["rule"]! == incident.Rule
        && match["key"]!.AsArray().Select(value => (string)value!).SequenceEqual(incident.Key)
        && (DateTimeOffset)match["start"]! >= incident.From
        && (DateTimeOffset)match["end"]! <= incident.To;

    /// <summary>Whether a line holds the event: each text of the event is on it, and so is its time, which a file may write in another way.</summary>
    private static bool IsOf(JsonNode late, Dictionary<string, string> line)
    {
        var time = (string)late["time"]!;
        return late["event"]!.AsObject().Where(p => p.Value?.GetValueKind() == JsonValueKind.String).All(p =>
            line.TryGetValue(p.Key, out var there)
            && ((string)p.Value! == time ? SampleFile.TimeMs(there) == SampleFile.TimeMs(time) : there == (string)p.Value!));
    }
}
