using Cep.Rules;

namespace Cep.Streaming.Quarantine;

/// <summary>Why a rule was stopped: one of its conditions, pre-filters or measures threw, its skip strategy fails, or a key had too many partial matches.</summary>
/// <remarks>Immutable. There is at most one of each rule: the first in the order of outputs.</remarks>
public sealed record RuleError
{
    /// <summary>The rule.</summary>
    public required Rule Rule { get; init; }

    /// <summary>The values of the key's fields; empty for a rule without a key.</summary>
    public required IReadOnlyList<object?> Key { get; init; }

    /// <summary>The event that was offered; null at a deadline.</summary>
    public required StreamEvent? Event { get; init; }

    /// <summary>Event time of the event or deadline, Unix milliseconds.</summary>
    public required long TimeMs { get; init; }

    /// <summary>What happened, a whole sentence that names the step or measure.</summary>
    public required string Message { get; init; }
}
