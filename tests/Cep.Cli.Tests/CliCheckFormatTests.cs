using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cep.Cli.Check;
using Cep.Language;
using Cep.Language.Text;
using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliCheckFormatTests : IDisposable
{
    private const string Stream = "stream auths { card_id string amount decimal ts timestamp watermark for ts delay 5s }\n";

    // A character of two UTF-16 code units stands before the first mistake; the second is about braces.
    private const string Wrong = Stream + "/* \U0001F600 */ rule r { from auths key card_id match a{3}?: auths where amout > 5 -> b+: auths within 1m }\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Json_is_one_object_a_line_and_nothing_else()
    {
        var file = _folder.Write("rules.cep", Wrong);

        var result = CepProcess.Run("check", file, "--format", "json");

        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        var lines = result.Output.TrimEnd('\n').Split('\n').Select(l => JsonNode.Parse(l)!.AsObject()).ToList();
        Assert.Equal(["CEP0119", "CEP0204", "CEP0403"], lines.Select(l => (string?)l["code"]));
        Assert.Equal(["error", "error", "warning"], lines.Select(l => (string?)l["severity"]));
        Assert.Equal(
            JsonSerializer.Serialize(new
            {
                file, line = 2, column = 66, endLine = 2, endColumn = 71, severity = "error", code = "CEP0204",
                message = "There is no field `amout` on stream `auths`.", fix = "did you mean `amount`?",
            }, DiagnosticJson.Options),
            result.OutputLines[1]);
        var twice = JsonNode.Parse(CepProcess.Run("check", _folder.Write("twice.cep", Stream + Stream), "--format", "json").Output)!.AsObject();
        Assert.True(twice.ContainsKey("fix") && twice["fix"] is null);
    }

    [Fact]
    public void Rules_without_findings_are_no_json_lines_and_a_log_without_results()
    {
        var file = _folder.Write("rules.cep", Stream + "rule r { from auths key card_id match a: auths within 1m }");

        Assert.Equal((0, "", ""), CepProcess.Run("check", file, "--format", "json") is var json ? (json.ExitCode, json.Output, json.Error) : default);
        var sarif = CepProcess.Run("check", file, "--format=sarif");
        Assert.Equal((0, ""), (sarif.ExitCode, sarif.Error));
        Assert.Empty(JsonNode.Parse(sarif.Output)!["runs"]![0]!["results"]!.AsArray());
    }

    [Fact]
    public void Format_that_is_none_is_refused()
    {
        var result = CepProcess.Run("check", "rules/", "--format", "xml");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: --format is text, json or sarif, not `xml`.\n", result.Error);
    }

    [Fact]
    public void Sarif_has_what_the_standard_requires()
    {
        var result = CepProcess.Run("check", _folder.Write("rules.cep", Wrong), "--format", "sarif");

        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        var log = JsonNode.Parse(result.Output)!;
        Assert.Equal("2.1.0", (string?)log["version"]);
        var run = Assert.Single(log["runs"]!.AsArray())!;
        Assert.Equal(("cep", "utf16CodeUnits"), ((string?)run["tool"]!["driver"]!["name"], (string?)run["columnKind"]));
        var rules = run["tool"]!["driver"]!["rules"]!.AsArray();
        Assert.Equal(rules.Count, rules.Select(r => (string?)r!["id"]).Distinct().Count());
        Assert.All(rules, r => Assert.NotEqual("", (string?)r!["shortDescription"]!["text"]));
        foreach (var found in run["results"]!.AsArray())
        {
            Assert.Equal((string?)found!["ruleId"], (string?)rules[(int)found["ruleIndex"]!]!["id"]);
            Assert.Contains((string?)found["level"], new[] { "error", "warning" });
            // A brace stands twice, for a single one begins a placeholder.
            Assert.DoesNotMatch(@"[{}]", Regex.Replace((string)found["message"]!["text"]!, @"\{\{|\}\}", ""));
            Assert.Single(found["locations"]!.AsArray());
        }
        Assert.Equal("`{{3}}?` means the same as `{{3}}`; the `?` was not expected. Help: write `{{3}}`", (string?)run["results"]![0]!["message"]!["text"]);
    }

    [Fact]
    public void Sarif_regions_count_code_units_from_one_and_fixes_are_applied_there()
    {
        var results = Results(new SourceText("rules/my rules.cep", Wrong), "/home/me");
        var found = results.Single(r => (string?)r["ruleId"] == "CEP0204");
        var place = found["locations"]![0]!["physicalLocation"]!;
        var change = found["fixes"]![0]!["artifactChanges"]![0]!;

        Assert.Equal("""{"startLine":2,"startColumn":67,"endLine":2,"endColumn":72}""", place["region"]!.ToJsonString());
        Assert.Equal("amout", Wrong.Split('\n')[1][66..71]);
        Assert.Equal("""{"uri":"rules/my%20rules.cep","uriBaseId":"%SRCROOT%"}""", place["artifactLocation"]!.ToJsonString());
        Assert.Equal(place["artifactLocation"]!.ToJsonString(), change["artifactLocation"]!.ToJsonString());
        Assert.Equal(place["region"]!.ToJsonString(), change["replacements"]![0]!["deletedRegion"]!.ToJsonString());
        Assert.Equal("amount", (string?)change["replacements"]![0]!["insertedContent"]!["text"]);
        Assert.Single(results, r => r["fixes"] is not null);
    }

    [Theory]
    [InlineData("rules/a.cep", "rules/a.cep")]
    [InlineData("./rules/../a.cep", "a.cep")]
    [InlineData("/home/me/żółw/a.cep", "%C5%BC%C3%B3%C5%82w/a.cep")]
    [InlineData("..a/a.cep", "..a/a.cep")]
    [InlineData("../you/a b.cep", "file:///home/you/a%20b.cep")]
    public void Sarif_names_files_relative_to_the_folder_where_they_are_below_it(string path, string uri)
    {
        var artifact = Results(new SourceText(path, "oops"), "/home/me")[0]["locations"]![0]!["physicalLocation"]!["artifactLocation"]!;

        Assert.Equal(uri, (string?)artifact["uri"]);
        Assert.Equal(!uri.StartsWith("file:", StringComparison.Ordinal), artifact["uriBaseId"] is not null);
    }

    private static List<JsonNode> Results(SourceText source, string folder) =>
        [.. JsonNode.Parse(SarifLog.Of(RuleCompiler.Compile(source).Diagnostics, folder))!["runs"]![0]!["results"]!.AsArray().Select(r => r!)];
}
