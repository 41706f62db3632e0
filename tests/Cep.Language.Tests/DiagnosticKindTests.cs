using System.Reflection;
using Cep.Language.Diagnostics;
using Cep.Language.Text;

namespace Cep.Language.Tests;

public class DiagnosticKindTests
{
    [Fact]
    public void Every_code_has_a_kind_and_a_description()
    {
        var codes = typeof(DiagnosticCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => ((string)f.GetRawConstantValue()!, f.Name));

        Assert.Equal(codes.Order(), DiagnosticKind.All.Select(k => (k.Code, k.Name)));
        Assert.All(DiagnosticKind.All, k => Assert.Matches(@"^[`A-Z].*\.$", k.Description));
    }

    [Fact]
    public void Word_that_was_meant_cures_what_it_is_put_in_the_place_of()
    {
        var cured = 0;
        foreach (var file in Directory.GetFiles(Compiled.DiagnosticsFolder, "*.cep").Order(StringComparer.Ordinal))
        {
            var source = SourceText.FromUtf8(file, File.ReadAllBytes(file));
            foreach (var diagnostic in Found(source).Where(d => d.Replacement is not null))
            {
                var text = source.Text.Remove(diagnostic.Span.Start, diagnostic.Span.Length).Insert(diagnostic.Span.Start, diagnostic.Replacement!);
                Assert.DoesNotContain(Found(new SourceText(file, text)), d => d.Code == diagnostic.Code && d.Span.Start == diagnostic.Span.Start);
                cured++;
            }
        }
        Assert.InRange(cured, 20, int.MaxValue);
    }

    [Theory]
    [InlineData("amout", "did you mean `amount`?", "amount")]
    [InlineData("amout", "did you mean `the amount`?", null)]
    [InlineData("\"hours\"", "did you mean `hour`?", null)]
    [InlineData("5min", "did you mean `5m`?", null)]
    [InlineData("=", "write `==`", null)]
    [InlineData("amout", null, null)]
    public void Only_a_word_has_another_in_its_place(string found, string? help, string? replacement)
    {
        var source = new SourceText("a.cep", found);
        Assert.Equal(replacement, new Diagnostic(DiagnosticSeverity.Error, "CEP0204", source, new TextSpan(0, found.Length), "No.", help).Replacement);
    }

    private static IEnumerable<Diagnostic> Found(SourceText source) => RuleCompiler.Compile([Compiled.Streams, source]).Diagnostics.Where(d => d.Source == source);
}
