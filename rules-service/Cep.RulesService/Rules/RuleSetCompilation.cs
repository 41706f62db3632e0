using Cep.Language;
using Cep.Language.Diagnostics;
using Cep.Language.Text;
using Cep.Rules.Testing;

namespace Cep.RulesService.Rules;

/// <summary>What was found in a file of a rule set.</summary>
/// <param name="File">Its path.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Column">Where it begins, from 1, in code points.</param>
/// <param name="EndLine">The line of its end.</param>
/// <param name="EndColumn">Just behind its last character.</param>
/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
/// <param name="Code">As <c>CEP0204</c>.</param>
/// <param name="Message">A whole sentence.</param>
/// <param name="Fix">A suggestion; null for none.</param>
internal sealed record RuleDiagnostic(string File, int Line, int Column, int EndLine, int EndColumn, DiagnosticSeverity Severity, string Code, string Message, string? Fix)
{
    /// <summary>As the compiler found it.</summary>
    public static RuleDiagnostic Of(Diagnostic d) => new(
        d.Source.Path, d.Line, d.Column, d.Source.LineOf(d.Span.End), d.Source.ColumnOf(d.Span.End), d.Severity, d.Code, d.Message, d.Help);
}

/// <summary>A rule, as lists name it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">One line for people; null for none.</param>
/// <param name="Tags">Labels.</param>
/// <param name="Owner">Who answers for it; null for nobody.</param>
/// <param name="Status"><c>live</c> or <c>draft</c>.</param>
/// <param name="Streams">What it reads.</param>
internal sealed record RuleSummary(string Name, string? Title, IReadOnlyList<string> Tags, string? Owner, Cep.Rules.RuleStatus Status, IReadOnlyList<string> Streams)
{
    /// <summary>As the compiler made it.</summary>
    public static RuleSummary Of(Cep.Rules.Rule rule) => new(rule.Name, rule.Title, rule.Tags, rule.Owner, rule.Status, rule.Inputs.Select(i => i.Stream.Name).ToList());
}

/// <summary>What came of compiling the files of a rule set.</summary>
/// <param name="RuleSet">The streams and rules; null if there is any error.</param>
/// <param name="Diagnostics">Everything that was found.</param>
internal sealed record RuleSetCompilation(Cep.Rules.RuleSet? RuleSet, IReadOnlyList<RuleDiagnostic> Diagnostics)
{
    /// <summary>Compiles the files. Never throws, whatever they say.</summary>
    public static RuleSetCompilation Of(IReadOnlyList<RuleFile> files)
    {
        var compilation = RuleCompiler.Compile(RuleFiles.RulesOf(files).Select(f => new SourceText(f.Path, f.Text)).ToList(), RuleFiles.ListsOf(files));
        return new RuleSetCompilation(compilation.RuleSet, compilation.Diagnostics.Select(RuleDiagnostic.Of).ToList()) { Tests = compilation.Tests };
    }

    /// <summary>The tests of its rules; empty if there is any error.</summary>
    public IReadOnlyList<RuleTest> Tests { get; private init; } = [];

    /// <summary>The rules; empty if there is any error.</summary>
    public IReadOnlyList<RuleSummary> Rules => RuleSet?.Rules.Select(RuleSummary.Of).ToList() ?? [];

    /// <summary>One sentence on the errors.</summary>
    public string ErrorsInWords => Diagnostics.Count(d => d.Severity == DiagnosticSeverity.Error) is var errors && errors == 1 ? "The rules have an error." : $"The rules have {errors} errors.";
}
