using Cep.Language.Diagnostics;
using Cep.Language.Text;
using Cep.Patterns;

namespace Cep.Language.Json;

/// <summary>What came of reading a pattern from JSON.</summary>
/// <param name="Pattern">The pattern, one that keeps <see cref="PatternRules"/>; null if there is any problem.</param>
/// <param name="Problems">What is wrong, in the order found; empty if nothing is.</param>
public sealed record PatternReading(Pattern? Pattern, IReadOnlyList<PatternJsonProblem> Problems);

/// <summary>One thing that is wrong with a pattern in JSON.</summary>
/// <param name="Code">A code of <see cref="DiagnosticCode"/>.</param>
/// <param name="Path">Where, as a JSON path such as <c>$.steps[1].where</c>.</param>
/// <param name="Reason">A whole sentence; names stand in backticks.</param>
/// <param name="Span">The stretch of the expression at <paramref name="Path"/>, in UTF-16 code units of its decoded text; null where no expression is meant.</param>
/// <param name="Help">A suggestion, or null.</param>
public sealed record PatternJsonProblem(string Code, string Path, string Reason, TextSpan? Span = null, string? Help = null)
{
    /// <summary>The problem on one line: <c>$.steps[1].where:8: error CEP0204: …</c>, where 8 is the character of the expression, from 1.</summary>
    public override string ToString() =>
        $"{Path}{(Span is { } span ? $":{span.Start + 1}" : "")}: error {Code}: {Reason}{(Help is null ? "" : $" ({Help})")}";
}
