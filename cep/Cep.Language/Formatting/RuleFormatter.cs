using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Parsing;
using Cep.Language.Text;

namespace Cep.Language.Formatting;

/// <summary>What came of formatting a file.</summary>
/// <param name="Text">The file in the canonical layout; null where it has syntax errors.</param>
/// <param name="Diagnostics">The syntax errors, by place.</param>
public sealed record RuleFormatting(string? Text, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Brings a rule file into the one canonical layout. Only white space changes: every token keeps its spelling, every comment its text and its
/// place between two tokens.</summary>
/// <remarks>
/// <para>The layout, in columns of a terminal:</para>
/// <list type="bullet">
/// <item>Declarations begin at the margin, with an empty line between two; their fields and clauses are indented by four spaces, one a line, in the order
/// written. Between them, and before comments, an empty line stays where there was one or more. Lines end in a line feed.</item>
/// <item>In a stream, types stand below each other, two spaces behind the longest name, and <c>//</c> comments behind members two spaces behind the
/// longest field.</item>
/// <item>A list is one line, or where that is longer than 120 columns a line for each value.</item>
/// <item>In a rule, what a clause says begins at column 13.</item>
/// <item>A <c>match</c> clause that ends by column 100 is one line. Else each link begins a line, and so do <c>within</c> and <c>skip</c>.</item>
/// <item>What is longer than 120 columns then is broken: <c>from</c> before each further stream; a condition before each outermost <c>and</c> or
/// <c>or</c>, with operands below each other; a group before its links and each <c>|</c>; <c>emit</c> into a line for each measure, with their
/// <c>=</c> below each other. What cannot be broken so stays long.</item>
/// <item>In a test, each statement is a line, and the streams and the values of its events stand below each other; one that is longer than 120 columns
/// then has a line for each value.</item>
/// <item>A comment on a line of its own stays so, at the column of what follows it; one behind something stays behind it. Where a comment ends a line
/// within a clause, the clause is broken as if it were too long.</item>
/// </list>
/// <para>Spaces between tokens are those of <see cref="RuleWriter"/>: inside the parentheses of groups, around binary operators, not before quantifiers.</para>
/// <para>Formatting a formatted file changes nothing. A file that would not be read the same in this layout stays as it is: one in which a field
/// <c>list</c> stands before a field <c>of</c>, which reads as a declaration where it begins a line.</para>
/// </remarks>
public static class RuleFormatter
{
    /// <summary>Formats one file. Never throws, whatever the text; errors other than of syntax do not matter.</summary>
    public static RuleFormatting Format(SourceText source)
    {
        var diagnostics = new DiagnosticBag(source);
        var tokens = CommentedTokens.Of(source, diagnostics);
        var syntax = FileParser.Parse(source, tokens.Tokens, diagnostics);
        if (diagnostics.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error))
            return new RuleFormatting(null, diagnostics.Diagnostics.Distinct().OrderBy(d => d.Span.Start).ToList());
        var text = LayoutPrinter.Print(tokens, DeclarationLayout.Of(tokens, syntax));
        return new RuleFormatting(IsSame(tokens, text) ? text : source.Text, []);
    }

    /// <summary>Whether a text has the same tokens and comments, and no syntax error.</summary>
    private static bool IsSame(CommentedTokens before, string text)
    {
        var source = new SourceText("", text);
        var diagnostics = new DiagnosticBag(source);
        var after = CommentedTokens.Of(source, diagnostics);
        FileParser.Parse(source, after.Tokens, diagnostics);
        return diagnostics.Diagnostics.Count == 0 && Written(before).SequenceEqual(Written(after));
    }

    private static IEnumerable<string> Written(CommentedTokens file) =>
        Enumerable.Range(0, file.Tokens.Count).SelectMany(i => file.CommentsBefore(i).Select(c => c.Text).Append(file.TextOf(i)));
}
