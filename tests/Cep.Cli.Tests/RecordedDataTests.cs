using System.Text.Json.Nodes;
using Xunit;

namespace Cep.Cli.Tests;

/// <summary>Runs sample-rules/real-data over the recorded data; the definition of each count stands above its rule.</summary>
public class RecordedDataTests
{
    [RecordedDataTheory]
    [InlineData("ssh_auth", "ssh_auth.jsonl.gz", "ssh_five_failures=98 ssh_failures_then_success=1")]
    [InlineData("apache_access", "apache_access.csv.gz", "recovered_from_404=60")]
    [InlineData("stocks_daily", "stocks_daily.csv.gz", "five_rises_then_fall=4479 v_shape=43703")]
    [InlineData("sepsis", "sepsis.csv.gz", "antibiotics_overdue=707 antibiotics_in_time=342")]
    [InlineData("receipt", "receipt.csv.gz", "stop_not_determined=351")]
    [InlineData("nab", "nab.csv.gz", "steadily_falling=292")]
    [InlineData("bike_trips", "bike_trips.csv.gz", "moved_by_van=63816 rented_again_at_once=9535")]
    public void The_reference_count_is_reached_whatever_the_parallelism(string rules, string data, string counts)
    {
        foreach (var parallelism in new[] { 1, 2 })
        {
            var run = Run(rules, data, parallelism);
            var actual = run.Matches.GroupBy(m => (string)m["rule"]!).ToDictionary(g => g.Key, g => g.Count());
            Assert.Equal(counts.Split(' ').ToDictionary(c => c.Split('=')[0], c => int.Parse(c.Split('=')[1])), actual);
            Assert.Empty(run.Late);
        }
    }

    [RecordedDataTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Failed_logins_come_from_45_addresses(int parallelism)
    {
        var run = Run("ssh_auth", "ssh_auth.jsonl.gz", parallelism);
        Assert.Equal(45, run.Matches.Where(m => (string)m["rule"]! == "ssh_five_failures").Select(m => m["key"]!.ToJsonString()).Distinct().Count());
    }

    [RecordedDataTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Patients_without_antibiotics_in_time_are_the_timeouts_of_those_with(int parallelism)
    {
        var run = Run("sepsis", "sepsis.csv.gz", parallelism);
        Assert.Equal(707, run.Timeouts.Count(t => (string)t["rule"]! == "antibiotics_in_time"));
    }

    [RecordedDataTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void V_shapes_that_still_rise_at_the_end_complete_the_reference_count(int parallelism)
    {
        var run = Run("stocks_daily", "stocks_daily.csv.gz", parallelism);
        var finished = run.Matches.Count(m => (string)m["rule"]! == "v_shape");
        var rising = run.Timeouts.Where(t => (string)t["rule"]! == "v_shape" && t["events"]!["up"] is JsonArray { Count: > 0 })
            .Select(t => t["key"]!.ToJsonString()).Distinct().Count();
        Assert.Equal((43_703, 201), (finished, rising));
    }

    private static (List<JsonNode> Matches, List<JsonNode> Timeouts, string[] Late) Run(string rules, string data, int parallelism)
    {
        using var folder = new TemporaryFolder();
        var result = CepProcess.Run(
            "run", Repository.Sample("real-data", $"{rules}.cep"), "--input", Path.Combine(Repository.SharedData, data), "--parallelism", $"{parallelism}",
            "--output", folder["matches"], "--timeouts", folder["timeouts"], "--late", folder["late"]);
        Assert.True(result.ExitCode == 0, result.Error);
        return (Parse(folder["matches"]), Parse(folder["timeouts"]), File.ReadAllLines(folder["late"]));
    }

    private static List<JsonNode> Parse(string file) => File.ReadLines(file).Select(line => JsonNode.Parse(line)!).ToList();
}
