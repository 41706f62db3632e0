using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Patterns;

namespace Cep.Language.Binding;

/// <summary>Makes a limit of partial matches of its clause.</summary>
internal static class PartialsBinder
{
    private static readonly IReadOnlyDictionary<string, OverflowPolicy> Policies =
        Enum.GetValues<OverflowPolicy>().ToDictionary(Formatting.RuleWords.Of, p => p, StringComparer.Ordinal);

    /// <summary>The words that may follow <c>overflow</c>, for messages.</summary>
    public static string Choices { get; } = string.Join(", ", Policies.Keys.Select(p => $"`{p}`"));

    /// <summary>The limit; that of rules without the clause where something is wrong with it, which is reported.</summary>
    public static PartialMatchLimit Bind(PartialsSyntax? syntax, DiagnosticBag diagnostics)
    {
        if (syntax is null) return PartialMatchLimit.Default;
        var policy = PartialMatchLimit.Default.OnOverflow;
        if (!syntax.OnOverflow.IsMissing && !Policies.TryGetValue(syntax.OnOverflow.Text, out policy))
            diagnostics.Error(DiagnosticCode.UnknownWord, syntax.OnOverflow.Span,
                $"`{syntax.OnOverflow.Text}` does not say what happens to too many partial matches; there are {Choices}.",
                DiagnosticBag.DidYouMean(syntax.OnOverflow.Text, Policies.Keys));
        if (syntax.PerKey is not { } perKey) return PartialMatchLimit.Default;
        if (perKey is >= 1 and <= int.MaxValue) return new PartialMatchLimit((int)perKey, policy);
        diagnostics.Error(DiagnosticCode.InvalidCount, syntax.PerKeySpan, perKey < 1
            ? $"With {perKey} partial matches per key no match of several events could begin; at least 1 was expected."
            : $"At most {int.MaxValue} partial matches per key can be allowed.");
        return PartialMatchLimit.Default;
    }
}
