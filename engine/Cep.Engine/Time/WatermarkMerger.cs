namespace Cep.Engine.Time;

/// <summary>The watermark of several inputs together: the least of those that are not idle. It never goes back.</summary>
/// <remarks>
/// An idle input is left out of the minimum, and is active again with its next watermark, which may then be behind the merged one. When the last
/// active input goes idle, nobody is left to wait for, and the merged watermark moves to the greatest of all, so it does not matter which fell
/// silent first:
/// <code>
///              A     B     merged
/// update       100   50    50
/// B idle       100   -     100        A idle       -     50    50
/// A idle       -     -     100        B idle       -     -     100
/// </code>
/// An input that has ended has the watermark <see cref="Watermark.End"/> and counts no more, neither as active nor as idle; when all have ended,
/// so has the merged watermark. One thread only.
/// </remarks>
public sealed class WatermarkMerger
{
    private readonly long[] _watermarks;
    private readonly bool[] _idle;

    /// <summary>Starts with every input active and without a watermark.</summary>
    /// <param name="inputs">The number of inputs, at least one.</param>
    /// <param name="currentMs">Where the merged watermark stands already, as after a restart. Default: there is none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="inputs"/> is not positive.</exception>
    public WatermarkMerger(int inputs, long currentMs = Watermark.None)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        _watermarks = new long[inputs];
        _idle = new bool[inputs];
        Array.Fill(_watermarks, Watermark.None);
        CurrentMs = currentMs;
    }

    /// <summary>The merged watermark.</summary>
    public long CurrentMs { get; private set; } = Watermark.None;

    /// <summary>Whether inputs are left and every one of them is idle.</summary>
    public bool IsIdle { get; private set; }

    /// <summary>Notes an input's watermark; the input is active from now on. A watermark behind the input's last one changes nothing
    /// else.</summary>
    /// <returns>Whether the merged watermark moved.</returns>
    public bool Update(int input, long watermarkMs)
    {
        _idle[input] = false;
        if (watermarkMs > _watermarks[input]) _watermarks[input] = watermarkMs;
        return Advance();
    }

    /// <summary>Leaves an input out until its next watermark.</summary>
    /// <returns>Whether the merged watermark moved.</returns>
    public bool MarkIdle(int input)
    {
        _idle[input] = true;
        return Advance();
    }

    /// <summary>The input's own watermark.</summary>
    public long WatermarkOf(int input) => _watermarks[input];

    /// <summary>Whether the input is left out.</summary>
    public bool IsInputIdle(int input) => _idle[input];

    private bool Advance()
    {
        long leastActive = Watermark.End;
        long greatestIdle = Watermark.None;
        bool anyIdle = false;
        for (int i = 0; i < _watermarks.Length; i++)
        {
            if (_watermarks[i] == Watermark.End) continue;
            anyIdle |= _idle[i];
            if (_idle[i]) greatestIdle = Math.Max(greatestIdle, _watermarks[i]);
            else leastActive = Math.Min(leastActive, _watermarks[i]);
        }

        IsIdle = anyIdle && leastActive == Watermark.End;
        long merged = IsIdle ? greatestIdle : leastActive;
        if (merged <= CurrentMs) return false;
        CurrentMs = merged;
        return true;
    }
}
