namespace Cep.Streaming;

/// <summary>What is kept for keys and timers follows what is remembered, also down: after a peak the room is given back.</summary>
internal sealed partial class CepOperator
{
    /// <summary>Below this neither keys nor timers are worth a look.</summary>
    private const int LeastRoom = 4096;

    /// <summary>How many times as much as is in use may be kept; so what giving back costs was paid for by what was forgotten.</summary>
    private const int Slack = 4;

    /// <summary>The room that is kept for keys.</summary>
    internal int Slots => _keys.Slots;

    /// <summary>The timers that are set, those left behind by what was forgotten among them.</summary>
    internal int Timers => _deadlines.Count;

    private void GiveBackRoom()
    {
        if (_keys.Slots > LeastRoom && _keys.Slots > Slack * _keys.Count)
            CompactKeys();
        if (_deadlines.Count > LeastRoom && _deadlines.Count > Slack * _remembered)
            _deadlines.Sweep(IsSet);
    }

    private bool IsSet(long deadlineMs, Deadline deadline) => _work[deadline.Work].RunsOf(deadline.Slot) is { } runs && runs.TimerMs == deadlineMs;

    private void CompactKeys()
    {
        // Timers name slots. Those that still matter are set again under the new ones; their order among one time shows nowhere.
        _deadlines.Sweep((_, _) => false);
        var moved = _keys.Compact();
        var room = Math.Max(_keys.Count, 16);
        var rulesOfSlot = new int[room];
        for (var slot = 0; slot < moved.Length; slot++)
        {
            if (moved[slot] >= 0)
                rulesOfSlot[moved[slot]] = _rulesOfSlot[slot];
        }
        _rulesOfSlot = rulesOfSlot;
        foreach (var work in _work)
            Move(work, moved);
    }

    private void Move(Work work, int[] moved)
    {
        var last = -1;
        for (var slot = 0; slot < Math.Min(work.Runs.Length, moved.Length); slot++)
        {
            if (work.Runs[slot] is not { } runs)
                continue;
            work.Runs[slot] = null;
            work.Runs[last = moved[slot]] = runs;
            if (runs.TimerMs < long.MaxValue)
                _deadlines.Add(runs.TimerMs, new Deadline(work.Index, last));
        }
        Array.Resize(ref work.Runs, last + 1);
    }
}
