namespace Cep.Streaming;

/// <summary>What is kept for keys and timers follows what is remembered, also down: after a peak the room is given back.</summary>
internal sealed partial class CepOperator
{
    /// <summary>Below this neither keys nor timers are worth a look.</summary>
    private const int LeastRoom = 4096;

    /// <summary>How many times as much as is in use may be kept; so what giving back costs was paid for by what was forgotten.</summary>
    private const int Slack = 4;

    /// <summary>The room that is kept for keys.</summary>
    internal int Slots => _lanes.Sum(l => l.Keys.Slots);

    /// <summary>The timers that are set, those left behind by what was forgotten among them.</summary>
    internal int Timers => _deadlines.Count;

    /// <inheritdoc/>
    public override long TimersSet => Timers;

    private void GiveBackRoom()
    {
        foreach (var lane in _lanes)
        {
            // A snapshot under way knows keys by their slots, and so do rules that have yet to be let go.
            if (lane.Keys.Slots > LeastRoom && lane.Keys.Slots > Slack * lane.Keys.Count && !IsWriting && _leaving.Count == 0)
                CompactKeys(lane);
        }
        if (_deadlines.Count > LeastRoom && _deadlines.Count > Slack * _remembered)
            _deadlines.Sweep(IsSet);
    }

    private bool IsSet(long deadlineMs, Deadline deadline) => _everAtWork[deadline.Work]?.RunsOf(deadline.Slot) is { } runs && runs.TimerMs == deadlineMs;

    private void CompactKeys(RuleLane lane)
    {
        // Timers name slots. Those that still matter are set again under the new ones; their order among one time shows nowhere.
        _deadlines.Sweep((deadlineMs, deadline) => _everAtWork[deadline.Work]?.Lane != lane && IsSet(deadlineMs, deadline));
        var moved = lane.Compact();
        foreach (var work in _work)
        {
            if (work.Lane == lane)
                Move(work, moved);
        }
    }

    private void Move(RuleWork work, int[] moved)
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
        work.Changes?.Move(moved);
    }
}
