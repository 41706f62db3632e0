using Cep.Language.Text;

namespace Cep.Language.Diagnostics;

/// <summary>Collects the diagnostics of one file while it is read.</summary>
/// <param name="source">The file that spans refer to.</param>
internal sealed class DiagnosticBag(SourceText source)
{
    private const string MeantStart = "did you mean `";
    private const string MeantEnd = "`?";

    private readonly List<Diagnostic> _diagnostics = [];
    private readonly SortedSet<int> _errorStarts = [];

    public SourceText Source { get; } = source;

    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <summary>Whether an error begins in a stretch of the file, or just behind it.</summary>
    public bool HasErrorIn(TextSpan span)
    {
        using var errors = _errorStarts.GetViewBetween(span.Start, span.End).GetEnumerator();
        return errors.MoveNext();
    }

    public void Error(string code, TextSpan span, string message, string? help = null)
    {
        _errorStarts.Add(span.Start);
        _diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, code, Source, span, message, help));
    }

    public void Warning(string code, TextSpan span, string message, string? help = null) =>
        _diagnostics.Add(new Diagnostic(DiagnosticSeverity.Warning, code, Source, span, message, help));

    /// <summary>The help line for a misspelt name, or null where nothing is near.</summary>
    public static string? DidYouMean(string name, IEnumerable<string> candidates) =>
        EditDistance.Nearest(name, candidates) is { } nearest ? $"{MeantStart}{nearest}{MeantEnd}" : null;

    /// <summary>What a help line that only asks whether something else was meant names; null for another one.</summary>
    public static string? Meant(string? help) =>
        help is not null && help.StartsWith(MeantStart, StringComparison.Ordinal) && help.EndsWith(MeantEnd, StringComparison.Ordinal)
            ? help[MeantStart.Length..^MeantEnd.Length] : null;
}
