using Cep.Conditions;

namespace Cep.Rules;

/// <summary>Events that call a rule off for their key: each drops the partial matches of the key, before it is offered to the pattern itself.</summary>
/// <remarks>
/// What is dropped is neither a match nor a timeout, also where it only waited for its deadline. Matches that were complete and held back by such a partial match are told. A deadline at or before
/// the event's time passes first. The pre-filter of the stream does not count here: it decides what the pattern sees.
/// </remarks>
/// <param name="Stream">The stream; one of the inputs of the rule, whose key says which partial matches are meant.</param>
/// <param name="Where">Which events of it; null for all. Reads the event alone; where it is null or fails in arithmetic, it does not hold.</param>
public sealed record UnlessClause(StreamDefinition Stream, Expr? Where);
