using Cep.Differential.Cases;

namespace Cep.Simulation.World;

/// <summary>Lets code of sources, functions and sinks throw now and then.</summary>
/// <param name="random">Says when.</param>
/// <param name="failures">How often at most.</param>
/// <param name="calls">About how many calls lie between two failures.</param>
internal sealed class CodeFaults(SplitMix64 random, int failures, int calls)
{
    private int _left = failures;
    private int _callsLeft = failures == 0 ? 0 : random.From(1, calls);

    public int Failures { get; private set; }

    /// <summary>No fault.</summary>
    public static CodeFaults None => new(new SplitMix64(0), 0, 1);

    /// <summary>Called wherever code may fail.</summary>
    public void Hit()
    {
        if (_left == 0 || --_callsLeft > 0) return;
        _left--;
        Failures++;
        _callsLeft = random.From(1, calls);
        throw new InvalidOperationException("on purpose");
    }
}
