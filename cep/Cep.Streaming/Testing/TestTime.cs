using Cep.Engine.Time;
using Cep.Rules.Testing;

namespace Cep.Streaming.Testing;

/// <summary>The watermarks of the streams of a test, as steps move them.</summary>
internal sealed class TestTime
{
    private readonly int[] _streams;
    private readonly long[] _delaysMs;
    private readonly WatermarkGenerator[] _generators;

    /// <param name="streams">Each stream of the rule: its position in the rule set, and its delay.</param>
    public TestTime(IReadOnlyList<(int Stream, long DelayMs)> streams)
    {
        _streams = [.. streams.Select(s => s.Stream)];
        _delaysMs = [.. streams.Select(s => s.DelayMs)];
        _generators = [.. _delaysMs.Select(d => new WatermarkGenerator(d))];
    }

    /// <summary>The watermark of all streams together, Unix milliseconds.</summary>
    public long WatermarkMs => _generators.Min(g => g.CurrentMs);

    /// <summary>Takes an event into account.</summary>
    /// <param name="stream">The position of its stream.</param>
    /// <param name="e">The event.</param>
    /// <param name="watermarkMs">The watermark of the stream before the event.</param>
    /// <returns>Whether it is late.</returns>
    public bool Observe(int stream, TestEvent e, out long watermarkMs)
    {
        var i = Array.IndexOf(_streams, stream);
        // Something newer of the stream has come before it.
        if (e.LateByMs > 0)
            _generators[i].Raise(RuleTest.OriginMs + e.AtMs + e.LateByMs - _delaysMs[i] - 1);
        watermarkMs = _generators[i].CurrentMs;
        return _generators[i].Observe(RuleTest.OriginMs + e.AtMs);
    }

    /// <summary>Moves the watermarks of all streams on.</summary>
    /// <param name="toMs">Since the beginning of the test.</param>
    public void Advance(long toMs)
    {
        for (var i = 0; i < _generators.Length; i++)
            _generators[i].Raise(RuleTest.OriginMs + toMs);
    }
}
