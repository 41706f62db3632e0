using Cep.Conditions;

namespace Cep.Rules;

/// <summary>One choice of a severity that depends on the match.</summary>
/// <param name="Severity">How bad it is where the condition holds.</param>
/// <param name="When">A condition over what measures can read; one that is null, or fails in arithmetic, does not hold.</param>
public sealed record SeverityCase(Severity Severity, Expr When);
