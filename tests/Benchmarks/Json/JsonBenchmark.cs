using Cep.Benchmarks.ByHand;
using Cep.Benchmarks.Report;
using Cep.Engine.Connectors;
using Cep.SampleData;

namespace Cep.Benchmarks.Json;

/// <summary>JSON lines to matches, end to end, beside a reading loop and a program written by hand.</summary>
internal sealed class JsonBenchmark(Options options) : Benchmark
{
    private const int Keys = 10_000;

    private readonly Dictionary<string, List<(Cost Cost, TimeSpan Elapsed)>> _rounds = new() { ["by hand"] = [], ["rule job"] = [] };

    public override Table Run()
    {
        var folder = Directory.CreateTempSubdirectory("cep-benchmark-").FullName;
        try
        {
            var (input, output) = (Path.Combine(folder, "ticks.jsonl"), Path.Combine(folder, "matches.jsonl"));
            new BenchmarkStream(options.Events, Keys, BaseMs: 0, Seed: 42, input).Write();
            for (var round = 0; round <= options.Rounds; round++)
                Round(round, input, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return ToTable();
    }

    private void Round(int round, string input, string output)
    {
        var byHand = new ThreeSteps([90], 1000L * Keys);
        Measure("by hand", round, () => new ReadByHand(byHand, input, output).Run());
        var job = JobOverFile.Create(RuleText.Compile(RuleText.Q2), ByteInput.File(input), output);
        Measure("rule job", round, () => job.Run().Input.Records);
        Expect("matches", byHand.Matches, job.CountsSoFar()[0].Counts.Matches);
    }

    private void Measure(string name, int round, Func<long> run)
    {
        var records = 0L;
        var begun = TimeProvider.System.GetTimestamp();
        var cost = Cost.Of(() => records = run());
        var elapsed = TimeProvider.System.GetElapsedTime(begun);
        Expect($"events read {name}", options.Events, records);
        // The first round is for the compiler and not counted.
        if (round > 0)
            _rounds[name].Add((cost, elapsed));
    }

    private Table ToTable()
    {
        var table = new Table("JSON lines to matches, Q2, 10,000 keys", "", "events/s of one processor", "of hand", "events/s by the clock", "peak MiB");
        var byHand = Cost.Median(_rounds["by hand"].Select(r => r.Cost)).PerSecond(options.Events);
        foreach (var (name, rounds) in _rounds)
        {
            var cost = Cost.Median(rounds.Select(r => r.Cost));
            var elapsed = rounds.Select(r => r.Elapsed).Order().ElementAt(rounds.Count / 2);
            table.Add(name, Format.Millions(cost.PerSecond(options.Events)), Format.Percent(cost.PerSecond(options.Events) / byHand),
                Format.Millions(options.Events / elapsed.TotalSeconds), Format.Mebibytes(cost.PeakBytes));
        }
        return table;
    }
}
