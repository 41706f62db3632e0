using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cep.Language.Diagnostics;
using Cep.Language.Text;

namespace Cep.Cli.Check;

/// <summary>Diagnostics as a log of one run in the Static Analysis Results Interchange Format (OASIS, SARIF 2.1.0).</summary>
/// <remarks>Columns count UTF-16 code units. Files below the folder that the tool runs in are named relative to it, as code scanning wants it; the
/// folder itself is left to who reads the log (<c>%SRCROOT%</c>).</remarks>
internal static class SarifLog
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private const string Root = "%SRCROOT%";

    private static readonly JsonSerializerOptions Options = new(DiagnosticJson.Options) { WriteIndented = true, NewLine = "\n" };

    /// <summary>The log, its last line ended.</summary>
    /// <param name="diagnostics">The results, in order.</param>
    /// <param name="folder">The full path that files are named relative to.</param>
    public static string Of(IEnumerable<Diagnostic> diagnostics, string folder)
    {
        var rules = DiagnosticKind.All;
        var indexes = rules.Select((rule, i) => (rule.Code, i)).ToDictionary(r => r.Code, r => r.i);
        var run = new JsonObject
        {
            ["tool"] = new JsonObject { ["driver"] = Driver(rules) },
            ["columnKind"] = "utf16CodeUnits",
            ["newlineSequences"] = new JsonArray("\r\n", "\n", "\r"),
            ["results"] = new JsonArray([.. diagnostics.Select(d => Result(d, indexes[d.Code], folder))]),
        };
        return new JsonObject { ["$schema"] = Schema, ["version"] = "2.1.0", ["runs"] = new JsonArray(run) }.ToJsonString(Options) + "\n";
    }

    private static JsonObject Driver(IEnumerable<DiagnosticKind> rules) => new()
    {
        ["name"] = "cep",
        ["version"] = typeof(SarifLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        ["rules"] = new JsonArray([.. rules.Select(Rule)]),
    };

    private static JsonObject Rule(DiagnosticKind kind) => new()
    {
        ["id"] = kind.Code,
        ["name"] = kind.Name,
        ["shortDescription"] = Text(kind.Description),
        ["fullDescription"] = Text(kind.Description),
        ["help"] = Text(kind.Description),
    };

    private static JsonObject Result(Diagnostic diagnostic, int rule, string folder)
    {
        var result = new JsonObject
        {
            ["ruleId"] = diagnostic.Code,
            ["ruleIndex"] = rule,
            ["level"] = DiagnosticJson.Word(diagnostic.Severity),
            ["message"] = Text(diagnostic.Help is { } help ? $"{diagnostic.Message} Help: {help}" : diagnostic.Message, hasPlaceholders: true),
            ["locations"] = new JsonArray(new JsonObject
            {
                ["physicalLocation"] = new JsonObject { ["artifactLocation"] = Artifact(diagnostic.Source, folder), ["region"] = Region(diagnostic) },
            }),
        };
        if (diagnostic.Replacement is { } replacement)
            result["fixes"] = new JsonArray(Fix(diagnostic, replacement, folder));
        return result;
    }

    private static JsonObject Fix(Diagnostic diagnostic, string replacement, string folder) => new()
    {
        ["description"] = Text($"Replace by `{replacement}`."),
        ["artifactChanges"] = new JsonArray(new JsonObject
        {
            ["artifactLocation"] = Artifact(diagnostic.Source, folder),
            ["replacements"] = new JsonArray(new JsonObject
            {
                ["deletedRegion"] = Region(diagnostic),
                ["insertedContent"] = new JsonObject { ["text"] = replacement },
            }),
        }),
    };

    /// <summary>A text; in one that may have placeholders such as <c>{0}</c>, braces that are none stand twice.</summary>
    private static JsonObject Text(string text, bool hasPlaceholders = false) => new()
    {
        ["text"] = hasPlaceholders ? text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal) : text,
    };

    private static JsonObject Artifact(SourceText source, string folder)
    {
        var path = Path.GetFullPath(source.Path, folder);
        var relative = Path.GetRelativePath(folder, path);
        if (Path.IsPathRooted(relative) || relative.Split(Path.DirectorySeparatorChar)[0] == "..")
            return new JsonObject { ["uri"] = new Uri(path).AbsoluteUri };
        var segments = relative.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString);
        return new JsonObject { ["uri"] = string.Join('/', segments), ["uriBaseId"] = Root };
    }

    private static JsonObject Region(Diagnostic diagnostic)
    {
        var (source, span) = (diagnostic.Source, diagnostic.Span);
        return new JsonObject
        {
            ["startLine"] = source.LineOf(span.Start),
            ["startColumn"] = ColumnOf(source, span.Start),
            ["endLine"] = source.LineOf(span.End),
            ["endColumn"] = ColumnOf(source, span.End),
        };
    }

    /// <summary>The column from 1 in UTF-16 code units.</summary>
    private static int ColumnOf(SourceText source, int offset) => offset - source.LineSpan(source.LineOf(offset)).Start + 1;
}
