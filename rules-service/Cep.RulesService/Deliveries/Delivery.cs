namespace Cep.RulesService.Deliveries;

/// <summary>How far a delivery is.</summary>
internal enum DeliveryState
{
    /// <summary>It is tried, or will be.</summary>
    Pending,

    /// <summary>The sink has taken the alert.</summary>
    Delivered,

    /// <summary>It was given up, and is tried again only when somebody asks for it.</summary>
    Dead,
}

/// <summary>An alert on its way to a sink. A sink may get an alert more than once, always with the same id.</summary>
/// <param name="Number">Its place among all deliveries, from 1.</param>
/// <param name="Alert">The alert's id.</param>
/// <param name="Sink">The sink's name.</param>
/// <param name="State">How far it is.</param>
/// <param name="Attempts">How often it was tried, since it was last asked for.</param>
/// <param name="NextAt">When it is tried next; null where it is not.</param>
/// <param name="LastError">Why it failed last, a sentence; null where it has not.</param>
/// <param name="DeliveredAt">When the sink took the alert; null where it has not.</param>
internal sealed record Delivery(
    long Number, string Alert, string Sink, DeliveryState State, int Attempts, DateTimeOffset? NextAt, string? LastError, DateTimeOffset? DeliveredAt)
{
    /// <summary>The longest that a sink may ask to wait.</summary>
    private static readonly TimeSpan PauseMax = TimeSpan.FromDays(1);

    /// <summary>What it is after an attempt.</summary>
    /// <param name="outcome">What came of the attempt.</param>
    /// <param name="options">The sink's.</param>
    /// <param name="now">When the attempt was over.</param>
    public Delivery After(DeliveryOutcome outcome, SinkOptions options, DateTimeOffset now)
    {
        var tried = this with { Attempts = Attempts + 1, LastError = outcome.Error };
        if (outcome.Error is null)
            return tried with { State = DeliveryState.Delivered, NextAt = null, DeliveredAt = now };
        if (outcome.IsFinal || tried.Attempts >= options.MaxAttempts)
            return tried with { State = DeliveryState.Dead, NextAt = null };
        return tried with { NextAt = now + tried.Pause(outcome.RetryAfter, options) };
    }

    /// <summary>Doubles with each failure, and lies somewhere in its upper half, another place for each delivery, so that those that failed together do not come back together; at least as long as the sink asked for.</summary>
    private TimeSpan Pause(TimeSpan? retryAfter, SinkOptions options)
    {
        var longest = Math.Min(options.MinPause.TotalMilliseconds * Math.Pow(2, Attempts - 1), options.MaxPause.TotalMilliseconds);
        var jitter = new Random((int)(Number % int.MaxValue) ^ (Attempts << 20)).NextDouble();
        var pause = TimeSpan.FromMilliseconds(longest * (0.5 + (0.5 * jitter)));
        var asked = retryAfter is { } time && time < PauseMax ? time : retryAfter is null ? TimeSpan.Zero : PauseMax;
        return asked > pause ? asked : pause;
    }
}

/// <summary>What came of one attempt.</summary>
/// <param name="Error">Why it failed, a sentence; null where the sink took the alert.</param>
/// <param name="IsFinal">Whether the sink wants it never again.</param>
/// <param name="RetryAfter">How long the sink asked to wait; null where it did not.</param>
internal sealed record DeliveryOutcome(string? Error, bool IsFinal = false, TimeSpan? RetryAfter = null)
{
    /// <summary>The sink has it.</summary>
    public static readonly DeliveryOutcome Delivered = new(Error: null);
}
