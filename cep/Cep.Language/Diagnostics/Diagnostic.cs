using Cep.Language.Text;

namespace Cep.Language.Diagnostics;

/// <summary>How much a diagnostic matters: an error keeps the pattern set from running, a warning does not.</summary>
public enum DiagnosticSeverity
{
    /// <summary>The text means something, probably not what was wanted.</summary>
    Warning,

    /// <summary>The text means nothing; no rule set is made.</summary>
    Error,
}

/// <summary>One finding about a rule file: what was found, what was expected, where, and a fix where one can be guessed.</summary>
/// <param name="Severity">Whether it keeps the pattern set from running.</param>
/// <param name="Code">A stable code such as <c>CEP0204</c>; see <see cref="DiagnosticCode"/>.</param>
/// <param name="Source">The file.</param>
/// <param name="Span">The stretch of the file the message is about.</param>
/// <param name="Message">A whole sentence; names from the text stand in backticks.</param>
/// <param name="Help">A suggestion, or null.</param>
public sealed record Diagnostic(DiagnosticSeverity Severity, string Code, SourceText Source, TextSpan Span, string Message, string? Help = null)
{
    /// <summary>The line of the span's first character, from 1.</summary>
    public int Line => Source.LineOf(Span.Start);

    /// <summary>The column of the span's first character, from 1, in code points.</summary>
    public int Column => Source.ColumnOf(Span.Start);

    /// <summary>The word that was probably meant in the place of the span, where the span is a word and the help line names another; else null.</summary>
    public string? Replacement => DiagnosticBag.Meant(Help) is { } meant && IsWord(meant) && IsWord(Source.Slice(Span)) ? meant : null;

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        }
        return text.Length > 0 && !char.IsAsciiDigit(text[0]);
    }

    /// <summary>The diagnostic as a user reads it: position and message, the line with a caret under the span, the help line. No line break at the
    /// end.</summary>
    public string Render() => DiagnosticRenderer.Render(this);

    /// <inheritdoc />
    public override string ToString() => $"{Source.Path}:{Line}:{Column}: {Severity.ToString().ToLowerInvariant()} {Code}: {Message}";
}
