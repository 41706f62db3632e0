using Cep.Benchmarks.Jobs;
using Cep.Benchmarks.Json;
using Cep.Benchmarks.Log;
using Cep.Benchmarks.Memory;
using Cep.Benchmarks.Operator;
using Cep.Benchmarks.Queries;
using Cep.Benchmarks.State;
using Cep.Benchmarks.Streams;
using Xunit;

namespace Cep.Benchmarks.Tests;

/// <summary>Each suite runs to its end at a small size, and finds what the programs written by hand find.</summary>
public class BenchmarkTests
{
    private static readonly Options Small = new() { EventsAsked = 20_000, Rounds = 1 };

    public static TheoryData<string> Queries => new(Catalog.All.Select(q => q.Name));

    [Theory]
    [MemberData(nameof(Queries))]
    public void Operator_and_program_by_hand_find_the_same(string query)
    {
        var benchmark = new OperatorBenchmark(Small with { Queries = [query] });
        var table = benchmark.Run().ToString();
        Assert.Empty(benchmark.Problems);
        Assert.Contains($"| {query} ", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_job_and_program_by_hand_find_the_same_in_a_file()
    {
        var benchmark = new JsonBenchmark(Small);
        Assert.Contains("| rule job |", benchmark.Run().ToString(), StringComparison.Ordinal);
        Assert.Empty(benchmark.Problems);
    }

    /// <summary>So short a stream has not filled its window, so whether memory is flat is not asked here.</summary>
    [Fact]
    public void Peak_of_each_quarter_of_a_stream_is_told()
    {
        var table = new MemoryBenchmark(Small).Run().ToString();
        Assert.Contains("| 5,000 ", table, StringComparison.Ordinal);
        Assert.Contains("| 20,000 ", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Keyed_state_counts_what_a_dictionary_counts()
    {
        var benchmark = new KeyedCountBenchmark(Small);
        Assert.Contains("| 10,000 ", benchmark.Run().ToString(), StringComparison.Ordinal);
        Assert.Empty(benchmark.Problems);
    }

    [Fact]
    public void Jobs_on_one_and_on_two_subtasks_find_the_same()
    {
        var benchmark = new ScalingBenchmark(Small);
        Assert.Contains("| Q6 ", benchmark.Run().ToString(), StringComparison.Ordinal);
        Assert.Empty(benchmark.Problems);
    }

    [Fact]
    public void Jobs_with_and_without_checkpoints_find_the_same()
    {
        var benchmark = new CheckpointedJobBenchmark(Small);
        Assert.Contains("| with ", benchmark.Run().ToString(), StringComparison.Ordinal);
        Assert.Empty(benchmark.Problems);
    }

    [Fact]
    public void An_event_log_has_every_event_of_which_it_told()
    {
        var benchmark = new LogBenchmark(Small with { EventsAsked = 2_000 });
        Assert.Contains("| 16 × 100 ", benchmark.Run().ToString(), StringComparison.Ordinal);
        Assert.Empty(benchmark.Problems);
    }

    [Fact]
    public void All_events_pass_the_reorder_buffer()
    {
        var benchmark = new ReorderBenchmark(Small);
        Assert.Contains("| Q2 ", benchmark.Run().ToString(), StringComparison.Ordinal);
        Assert.Empty(benchmark.Problems);
    }

    [Fact]
    public void A_swap_meets_every_partial_match()
    {
        var benchmark = new SwapBenchmark(Small);
        Assert.Contains("| changed, carried ", benchmark.Run().ToString(), StringComparison.Ordinal);
        Assert.Empty(benchmark.Problems);
    }

    [Fact]
    public void Checkpoints_have_every_key()
    {
        var benchmark = new CheckpointBenchmark(Small);
        Assert.Contains("| 1 % of the keys ", benchmark.Run().ToString(), StringComparison.Ordinal);
        Assert.Empty(benchmark.Problems);
    }

    [Fact]
    public void Streams_are_the_known_ones()
    {
        Assert.Equal("7 1 2 3 0 8 2 8 3 6 2 4 5 5 6 2 1 4 0 6", string.Join(' ', TickStream.Digits(20).Select(t => t.Type)));
        Assert.All(TickStream.Keyed(1_000, 1), t => Assert.Equal(0, t.Key));
    }

    [Theory]
    [InlineData("--events", "0")]
    [InlineData("--rounds", "many")]
    [InlineData("--query")]
    [InlineData("everything")]
    public void Arguments_without_sense_are_refused(params string[] args) => Assert.Null(Options.Parse(args));

    [Fact]
    public void Arguments_say_what_to_measure()
    {
        var options = Options.Parse(["json", "--events", "5,000,000", "--query", "q2", "--query", "G1", "--markdown", "speed.md"])!;
        Assert.Equal((5_000_000, 5, "speed.md"), (options.Events, options.Rounds, options.MarkdownFile));
        Assert.True(options.Runs("json") && !options.Runs("operator"));
        Assert.True(options.Asks("Q2") && options.Asks("G1") && !options.Asks("Q1"));
    }
}
