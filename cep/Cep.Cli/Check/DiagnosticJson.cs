using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cep.Language.Diagnostics;

namespace Cep.Cli.Check;

/// <summary>Diagnostics as JSON lines.</summary>
internal static class DiagnosticJson
{
    /// <summary>How JSON for tools is written: what is no ASCII stays as it is.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One object on one line for each, each line ended; empty for none.</summary>
    public static string Lines(IEnumerable<Diagnostic> diagnostics) => string.Concat(diagnostics.Select(d => Of(d).ToJsonString(Options) + "\n"));

    /// <summary>Lines and columns count from 1, columns in code points as in the text; the end is just behind the last character.</summary>
    private static JsonObject Of(Diagnostic diagnostic) => new()
    {
        ["file"] = diagnostic.Source.Path,
        ["line"] = diagnostic.Line,
        ["column"] = diagnostic.Column,
        ["endLine"] = diagnostic.Source.LineOf(diagnostic.Span.End),
        ["endColumn"] = diagnostic.Source.ColumnOf(diagnostic.Span.End),
        ["severity"] = Word(diagnostic.Severity),
        ["code"] = diagnostic.Code,
        ["message"] = diagnostic.Message,
        ["fix"] = diagnostic.Help,
    };

    /// <summary><c>error</c> or <c>warning</c>.</summary>
    public static string Word(DiagnosticSeverity severity) => severity == DiagnosticSeverity.Error ? "error" : "warning";
}
