using System.Collections.Concurrent;
using System.Globalization;
using Cep.Simulation.Scenarios;
using Cep.Simulation.World;
using Xunit.Abstractions;

namespace Cep.Simulation;

/// <summary>
/// The whole engine in simulated processes, told by seeds: 200 by default. <c>CEP_SIMULATION_SEEDS=5000 CEP_SIMULATION_SEED=1 dotnet test -c Release tests/Simulation
/// --filter SimulationTests</c> chooses how many and from which on.
/// </summary>
public class SimulationTests(ITestOutputHelper output)
{
    private const int SeedsByDefault = 200;
    private const int ViolationsToldMax = 5;

    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentDictionary<ulong, string> _violations = new();

    [Fact]
    public void Engine_keeps_its_promises_whatever_befalls_it()
    {
        ulong first = Number("CEP_SIMULATION_SEED", 1);
        ulong count = Number("CEP_SIMULATION_SEEDS", SeedsByDefault);
        // Each seed blocks its thread: without a bound ever more of them would be begun at once.
        var bound = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(Partitioner.Create(0L, (long)count, 1), bound, range =>
        {
            if (_violations.Count < ViolationsToldMax) Try(first + (ulong)range.Item1);
        });
        string told = $"{count} seeds from {first}: {string.Join(", ", _counts.OrderBy(c => c.Key).Select(c => $"{c.Value} {c.Key}"))}";
        output.WriteLine(told);
        Assert.True(_violations.IsEmpty, $"{told}\n\n{string.Join("\n", _violations.OrderBy(v => v.Key).Select(v => v.Value))}");
    }

    [Fact]
    public void A_seed_replays_exactly()
    {
        int swaps = 0;
        for (ulong seed = 1; seed <= 15; seed++)
        {
            SimulationResult first = new SimulationRun(seed).Run();
            Assert.Equal(first.Trace, new SimulationRun(seed).Run().Trace);
            swaps += first.Counts.GetValueOrDefault("swaps done");
        }

        Assert.InRange(swaps, 1, int.MaxValue);
    }

    [Theory]
    [InlineData(nameof(Breakage.SinkCommitsEarly), "were committed, and no complete checkpoint covers them")]
    [InlineData(nameof(Breakage.SinkKeepsWhatWasStaged), "")]
    [InlineData(nameof(Breakage.StoreForgets), "were committed, and no complete checkpoint covers them")]
    public void A_broken_promise_is_seen(string breakage, string violation)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            SimulationResult result = new SimulationRun(seed, Enum.Parse<Breakage>(breakage)).Run();
            if (result.Violations.Any(v => v.Contains(violation, StringComparison.Ordinal))) return;
        }

        Assert.Fail("20 seeds did not see it.");
    }

    private void Try(ulong seed)
    {
        SimulationResult result = new SimulationRun(seed).Run();
        foreach ((string what, int count) in result.Counts) _counts.AddOrUpdate(what, count, (_, before) => before + count);
        if (result.Violations.Count == 0) return;
        _violations[seed] = $"""
            seed {seed}, trace {result.Trace:x16}: {string.Join("\n  ", result.Violations)}
            again: CEP_SIMULATION_SEED={seed} CEP_SIMULATION_SEEDS=1 dotnet test -c Release tests/Simulation --filter {nameof(Engine_keeps_its_promises_whatever_befalls_it)}

            """;
    }

    private static ulong Number(string variable, ulong otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
