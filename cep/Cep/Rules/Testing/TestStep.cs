namespace Cep.Rules.Testing;

/// <summary>Something that happens in a test.</summary>
/// <param name="Place">Where it is written.</param>
public abstract record TestStep(TestPlace Place)
{
    /// <summary>How far time has come with this step, in milliseconds since the beginning of the test; 0 where it does not move time.</summary>
    public virtual long ReachesMs => 0;
}

/// <summary><c>at D STREAM { … } [late by D]</c>: an event comes.</summary>
/// <param name="Stream">Its stream, one that the rule reads.</param>
/// <param name="Values">The values of its fields, in order of declaration, each in the CLR type of its kind or null; the field of event time has the time.</param>
/// <param name="AtMs">Its event time.</param>
/// <param name="LateByMs">How much later it comes: the newest event time of the stream stands at <paramref name="AtMs"/> + <paramref name="LateByMs"/> by then. So it is
/// late where that is more than the delay of the stream. 0 for an event that comes in its turn.</param>
/// <param name="Place">Where it is written.</param>
public sealed record TestEvent(StreamDefinition Stream, IReadOnlyList<object?> Values, long AtMs, long LateByMs, TestPlace Place) : TestStep(Place)
{
    /// <inheritdoc/>
    public override long ReachesMs => AtMs + LateByMs;
}

/// <summary><c>advance to D</c>: the watermark of every stream moves on, so deadlines up to then pass.</summary>
/// <param name="ToMs">Where it stands then.</param>
/// <param name="Place">Where it is written.</param>
public sealed record TestAdvance(long ToMs, TestPlace Place) : TestStep(Place)
{
    /// <inheritdoc/>
    public override long ReachesMs => ToMs;
}

/// <summary><c>restart</c>: the job stops, and another goes on from what it remembered.</summary>
/// <param name="Place">Where it is written.</param>
public sealed record TestRestart(TestPlace Place) : TestStep(Place);
