using Cep.Language.Binding;
using Cep.Language.Diagnostics;
using Cep.Language.Parsing;
using Cep.Language.Syntax;
using Cep.Language.Text;
using Cep.Patterns;
using Cep.Rules;
using Cep.Rules.Testing;

namespace Cep.Language;

/// <summary>What came of compiling a pattern set.</summary>
/// <param name="RuleSet">The streams and rules; null if there is any error.</param>
/// <param name="Diagnostics">All errors and warnings, by file in the order given, then by place.</param>
public sealed record RuleCompilation(RuleSet? RuleSet, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Whether any diagnostic is an error.</summary>
    public bool HasErrors => RuleSet is null;

    /// <summary>The tests of the rules, by file in the order given, then by place; empty if there is any error.</summary>
    public IReadOnlyList<RuleTest> Tests { get; init; } = [];
}

/// <summary>Compiles rule text: all files of a folder together, for names are unique over the set and order does not matter.</summary>
public static class RuleCompiler
{
    /// <summary>The most streams of a set: each that is run becomes a class in an assembly of its own.</summary>
    private const int MaxStreams = 1000;

    /// <summary>Compiles a pattern set. Never throws, whatever the text; one call reports every error of every file.</summary>
    /// <param name="files">The rule files.</param>
    /// <param name="readListFile">Reads the files that lists name; null where none can be read, so that such a list is an error.</param>
    /// <remarks>Safe to call from any thread. Depends on nothing but the texts, and what is read for lists.</remarks>
    public static RuleCompilation Compile(IReadOnlyList<SourceText> files, ListFileReader? readListFile = null)
    {
        var bags = files.Select(f => new DiagnosticBag(f)).ToList();
        var parsed = bags.Select(b => FileParser.Parse(b.Source, b)).ToList();
        var declared = new List<StreamDefinition>();
        var streams = DeclareStreams(parsed, bags, declared);
        var lists = ListDeclarations.Bind(parsed, bags, readListFile);
        var rules = BindRules(parsed, bags, streams, lists, out var named);
        var tests = BindTests(parsed, bags, named, streams, lists);
        ListDeclarations.WarnOfUnused(lists, bags);
        var diagnostics = bags.SelectMany(b => b.Diagnostics.Distinct().OrderBy(d => d.Span.Start)).ToList();
        var isSound = diagnostics.TrueForAll(d => d.Severity != DiagnosticSeverity.Error);
        if (!isSound) return new RuleCompilation(null, diagnostics);
        return new RuleCompilation(new RuleSet(declared, rules) { Lists = [.. lists.All.Select(l => l.List!)] }, diagnostics) { Tests = tests };
    }

    /// <summary>Compiles one file.</summary>
    public static RuleCompilation Compile(SourceText file) => Compile([file]);

    private static Dictionary<string, StreamSymbol> DeclareStreams(List<FileSyntax> files, List<DiagnosticBag> bags, List<StreamDefinition> declared)
    {
        var streams = new Dictionary<string, StreamSymbol>();
        foreach (var (file, bag) in files.Zip(bags))
        {
            foreach (var syntax in file.Streams)
            {
                var binder = new StreamBinder(syntax, bag);
                binder.Check();
                if (syntax.Name.IsMissing) continue;
                if (streams.TryGetValue(syntax.Name.Text, out var first)) RejectName(bag, "stream", syntax.Name, first.Source, first.Name);
                else if (streams.Count == MaxStreams)
                    bag.Error(DiagnosticCode.TooManyStreams, syntax.Name.Span,
                        $"There are more than {MaxStreams} streams; a pattern set may have at most so many.");
                else
                {
                    streams.Add(syntax.Name.Text, binder.Build());
                    declared.Add(streams[syntax.Name.Text].Definition);
                }
            }
        }
        return streams;
    }

    /// <summary>Binds the rules of all files.</summary>
    /// <param name="named">Every rule by name; null for one with errors, and for names that two rules have.</param>
    private static List<Rule> BindRules(
        List<FileSyntax> files, List<DiagnosticBag> bags, Dictionary<string, StreamSymbol> streams, ListTable lists, out Dictionary<string, Rule?> named)
    {
        var rules = new List<Rule>();
        named = [];
        var seen = new Dictionary<string, (SourceText Source, NameSyntax Name)>();
        foreach (var (file, bag) in files.Zip(bags))
        {
            foreach (var syntax in file.Rules)
            {
                if (!syntax.Name.IsMissing && !seen.TryAdd(syntax.Name.Text, (file.Source, syntax.Name)))
                    RejectName(bag, "rule", syntax.Name, seen[syntax.Name.Text].Source, seen[syntax.Name.Text].Name);
                if (!syntax.Name.IsMissing) named.TryAdd(syntax.Name.Text, null);
                if (new RuleBinder(syntax, streams, lists, bag).Bind() is not { } rule) continue;
                rules.Add(rule);
                if (!bag.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error && d.Code != DiagnosticCode.InvalidPattern)) CheckModel(rule, syntax, bag);
                if (!bag.HasErrorIn(syntax.Span)) named[rule.Name] = rule;
            }
        }
        return rules;
    }

    private static List<RuleTest> BindTests(
        List<FileSyntax> files, List<DiagnosticBag> bags, Dictionary<string, Rule?> rules, Dictionary<string, StreamSymbol> streams, ListTable lists)
    {
        var tests = new List<RuleTest>();
        var seen = new Dictionary<(string Rule, string Name), RuleTest>();
        foreach (var (file, bag) in files.Zip(bags))
        {
            foreach (var syntax in file.Tests)
            {
                if (new TestBinder(syntax, rules, streams, lists, bag).Bind() is not { } test) continue;
                tests.Add(test);
                if (syntax.Name is { } name && !seen.TryAdd((test.Rule.Name, test.Name), test))
                    bag.Error(DiagnosticCode.DuplicateName, name.Span,
                        $"The rule `{test.Rule.Name}` has a test of this name already, at {seen[(test.Rule.Name, test.Name)].Place.File}:{seen[(test.Rule.Name, test.Name)].Place.Line}; "
                        + "names of tests are unique for a rule.");
            }
        }
        return tests;
    }

    internal static void RejectName(DiagnosticBag bag, string what, NameSyntax name, SourceText firstSource, NameSyntax first) =>
        bag.Error(DiagnosticCode.DuplicateName, name.Span,
            $"There is a {what} `{name.Text}` already, at {firstSource.Path}:{firstSource.LineOf(first.Span.Start)}; "
            + $"names of {what}s are unique over all files of the set.");

    /// <summary>The rules of patterns that hold for every front end, in case a text gets past the checks made here with its places.</summary>
    private static void CheckModel(Rule rule, RuleSyntax syntax, DiagnosticBag bag)
    {
        foreach (var problem in PatternRules.Check(rule.Pattern))
        {
            var code = problem.Reason == PatternReasons.TooManyStates ? DiagnosticCode.TooManyStates : DiagnosticCode.InvalidPattern;
            bag.Error(code, PatternChecks.PlaceOf(problem, syntax.Match!) ?? syntax.Name.Span, problem.Reason);
        }
    }
}
