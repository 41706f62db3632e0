namespace Cep.Conformance.Cases;

/// <summary>What stands behind a replayed stream: gets the events in order of time, and the progress of time.</summary>
public interface IReplayed
{
    /// <summary>The event at this position is due; called in order of time, then arrival.</summary>
    void Process(int position);

    /// <summary>No event at or before this time comes any more; called before the first event of a later time, and at each watermark.</summary>
    void Advance(long timeMs);
}

/// <summary>
/// Shows a case's events as an operator in event time sees them: held back until the watermark passes, then in order of time and arrival;
/// late ones (not after the watermark) are dropped.
/// </summary>
public static class Replay
{
    /// <summary>Plays the case up to the end of time.</summary>
    /// <param name="c">The case.</param>
    /// <param name="target">Where the events go.</param>
    /// <param name="atLastEvent">Called when the watermark stands at the last event's time, before it goes to the end of time.</param>
    /// <returns>The positions of the late events.</returns>
    public static IReadOnlyList<int> Run(Case c, IReplayed target, Action atLastEvent)
    {
        var late = new List<int>();
        var pending = new List<int>();
        var marks = c.Watermarks?.ToDictionary(w => w.After, w => w.T);
        var watermark = long.MinValue;

        void MoveTo(long timeMs)
        {
            if (timeMs <= watermark)
                return;
            watermark = timeMs;
            // OrderBy is stable: events of one time stay in order of arrival.
            foreach (var group in pending.Where(p => c.Events[p].T <= watermark).GroupBy(p => c.Events[p].T).OrderBy(g => g.Key).ToArray())
            {
                target.Advance(group.Key);
                foreach (var position in group)
                    target.Process(position);
            }
            pending.RemoveAll(p => c.Events[p].T <= watermark);
            target.Advance(watermark);
        }

        for (var position = 0; position < c.Events.Count; position++)
        {
            (c.Events[position].T <= watermark ? late : pending).Add(position);
            if (marks is null)
                MoveTo(c.Events[position].T - 1);
            else if (marks.TryGetValue(position, out var mark))
                MoveTo(mark);
        }
        if (c.Events.Count > 0)
            MoveTo(c.Events.Max(e => e.T));
        atLastEvent();
        MoveTo(long.MaxValue - 1);
        return late;
    }
}
