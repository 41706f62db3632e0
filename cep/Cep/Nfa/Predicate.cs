using Cep.Conditions;
using Cep.Events;

namespace Cep.Nfa;

/// <summary>A condition that transitions ask about: the event is of a stream and satisfies an expression.</summary>
/// <param name="Stream">The type the event must be of; null for any.</param>
/// <param name="Where">What must hold of it; null for nothing.</param>
internal sealed record Predicate(EventType? Stream, Expr? Where)
{
    /// <summary>Whether the candidate alone decides it, so that one evaluation serves all runs.</summary>
    public bool IsLocal => Where is null || Where.IsLocal;

    public override string ToString() => (Stream, Where) switch
    {
        (null, null) => "true",
        (null, { } where) => where.ToString(),
        ({ } stream, null) => stream.Name,
        ({ } stream, { } where) => $"{stream.Name} where {where}",
    };
}
