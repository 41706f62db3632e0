using System.Text.Json.Nodes;
using Xunit;

namespace Cep.Cli.Tests;

/// <summary>Runs sample-rules/real-data over the recorded data; the definition of each count stands above its rule.</summary>
public class RecordedDataTests(SampleRuns runs) : IClassFixture<SampleRuns>
{
    [RecordedDataTheory]
    [InlineData("ssh_auth.jsonl.gz", "ssh_five_failures=98 ssh_failures_then_success=1")]
    [InlineData("apache_access.csv.gz", "recovered_from_404=60")]
    [InlineData("stocks_daily.csv.gz", "five_rises_then_fall=4479 v_shape=43703")]
    [InlineData("sepsis.csv.gz", "antibiotics_overdue=707 antibiotics_in_time=342")]
    [InlineData("receipt.csv.gz", "stop_not_determined=351")]
    [InlineData("nab.csv.gz", "steadily_falling=292")]
    [InlineData("bike_trips.csv.gz", "moved_by_van=63816 rented_again_at_once=9535")]
    public void The_reference_count_is_reached_whatever_the_parallelism(string data, string counts)
    {
        var expected = counts.Split(' ').ToDictionary(c => c.Split('=')[0], c => int.Parse(c.Split('=')[1]));
        var (one, two) = (Run(data, 1), Run(data, 2));

        Assert.Equal(expected, CountByRule(one.Matches));
        Assert.Equal(expected, CountByRule(two.Matches));
        foreach (var (ofOne, ofTwo) in new[] { (one.Matches, two.Matches), (one.Timeouts, two.Timeouts) })
            Assert.True(File.ReadAllBytes(ofOne).AsSpan().SequenceEqual(File.ReadAllBytes(ofTwo)), $"{ofOne} and {ofTwo} differ");
        foreach (var empty in new[] { one.Late, one.Malformed, two.Late, two.Malformed })
            Assert.Equal("", File.ReadAllText(empty));
    }

    [RecordedDataFact]
    public void Failed_logins_come_from_45_addresses() =>
        Assert.Equal(45, KeysOf(Run("ssh_auth.jsonl.gz", 1).Matches, "ssh_five_failures").Distinct().Count());

    [RecordedDataFact]
    public void The_login_after_failures_is_row_3180()
    {
        var match = Assert.Single(Of("ssh_failures_then_success", Run("ssh_auth.jsonl.gz", 1).Matches));
        Assert.Equal(3180, (int)match["events"]!["accepted"]![0]!["seq"]!);
    }

    [RecordedDataFact]
    public void Patients_without_antibiotics_in_time_are_the_timeouts_of_those_with()
    {
        var run = Run("sepsis.csv.gz", 1);
        Assert.Equal(KeysOf(run.Matches, "antibiotics_overdue").Order(), KeysOf(run.Timeouts, "antibiotics_in_time").Order());
    }

    [RecordedDataFact]
    public void V_shapes_that_still_rise_at_the_end_complete_the_reference_count()
    {
        var rising = Of("v_shape", Run("stocks_daily.csv.gz", 1).Timeouts).Where(t => t["events"]!["up"] is not null);
        Assert.Equal(43_904 - 43_703, rising.Select(t => (string)t["key"]![0]!).Distinct().Count());
    }

    private SampleRun Run(string data, int parallelism)
    {
        var name = data.Split('.')[0];
        return runs.Of(name, Repository.Sample("real-data", $"{name}.cep"), [Path.Combine(Repository.SharedData, data)], parallelism);
    }

    private static IEnumerable<JsonNode> Of(string rule, string file) => SampleRun.Parse(file).Where(m => (string)m["rule"]! == rule);

    private static IEnumerable<string> KeysOf(string file, string rule) => Of(rule, file).Select(m => m["key"]!.ToJsonString());

    // The rule's name is the first value of a line; a parser would take longer over these files than the runs.
    private static Dictionary<string, int> CountByRule(string file) =>
        File.ReadLines(file).GroupBy(line => line.Split('"', 5)[3]).ToDictionary(g => g.Key, g => g.Count());
}
