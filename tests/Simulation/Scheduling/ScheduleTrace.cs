namespace Cep.Simulation.Scheduling;

/// <summary>A fingerprint of all that was decided and done, in order: two courses with the same one are the same.</summary>
internal sealed class ScheduleTrace
{
    private const ulong Prime = 0x100000001B3;

    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    public long Steps { get; private set; }

    public void Add(int what)
    {
        Steps++;
        unchecked
        {
            Hash = (Hash ^ (uint)what) * Prime;
            Hash ^= Hash >> 29;
        }
    }

    public void Add(string what)
    {
        foreach (char c in what) Add(c);
    }
}
