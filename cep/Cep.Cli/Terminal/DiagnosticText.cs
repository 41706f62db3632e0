using Cep.Language.Diagnostics;

namespace Cep.Cli.Terminal;

/// <summary>Diagnostics as they are printed.</summary>
internal static class DiagnosticText
{
    /// <summary>The diagnostic with its line and caret; in colour, what was found stands out from where.</summary>
    public static string Of(Diagnostic diagnostic, TextStyle style)
    {
        var lines = diagnostic.Render().Split('\n');
        var isError = diagnostic.Severity == DiagnosticSeverity.Error;
        lines[0] = style.Bold(lines[0]);
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].AsSpan().TrimStart().StartsWith("= help:"))
                lines[i] = style.Cyan(lines[i]);
            else if (i == 2)
                lines[i] = isError ? style.Red(lines[i]) : style.Yellow(lines[i]);
        }
        return string.Join('\n', lines);
    }

    /// <summary>The number of errors and warnings, such as <c>3 errors, 1 warning</c>; empty for none.</summary>
    public static string Counts(IReadOnlyList<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Count(d => d.Severity == DiagnosticSeverity.Error);
        var parts = new List<string>();
        if (errors > 0)
            parts.Add(Count(errors, "error"));
        if (diagnostics.Count > errors)
            parts.Add(Count(diagnostics.Count - errors, "warning"));
        return string.Join(", ", parts);
    }

    /// <summary>A number with its noun: <c>1 rule</c>, <c>2 rules</c>.</summary>
    public static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
