using Cep.Benchmarks.Report;

namespace Cep.Benchmarks;

/// <summary>One suite: measures, and notes what is wrong beside.</summary>
internal abstract class Benchmark
{
    /// <summary>What makes the measurement worthless, in sentences: different answers, or a bound that does not hold.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Measures.</summary>
    public abstract Table Run();

    protected void Expect(string what, long expected, long found)
    {
        if (found != expected)
            Problems.Add($"{what}: {found:N0}, not {expected:N0}");
    }
}
