using System.Text;
using System.Text.RegularExpressions;
using Cep.Language.Diagnostics;
using Cep.Language.Formatting;
using Cep.Language.Text;

namespace Cep.Language.Tests.Formatting;

/// <summary>What holds of every formatted text, over all rule texts of the repository, as they are and with white space and comments put between tokens.</summary>
public class FormattingPropertyTests
{
    private const ulong Seed = 20260105;
    private const int VariantsOfEach = 6;

    [Fact]
    public void Texts_of_the_repository_keep_their_meaning_and_are_formatted_once_for_all()
    {
        // Files, documents and tests, besides the generated patterns.
        Assert.InRange(RuleTexts.All.Count(t => !t.Name.StartsWith("pattern", StringComparison.Ordinal)), 100, int.MaxValue);
        foreach (var text in RuleTexts.All) Check(text, text.Text);
    }

    [Fact]
    public void Comments_and_white_space_anywhere_are_kept_in_order_and_change_no_meaning()
    {
        var random = new SplitMix64(Seed);
        int tried = 0, done = 0;
        foreach (var text in RuleTexts.All)
        {
            for (var i = 0; i < VariantsOfEach; i++, tried++)
                if (Check(text, WithComments(text.Text, random, oneIn: random.Of(2, 5, 20, 60)))) done++;
        }
        // A line break before the type of a field is an error; most other places take one.
        Assert.InRange(done, tried / 2, tried);
    }

    [Fact]
    public void Layout_does_not_depend_on_the_white_space_before()
    {
        var random = new SplitMix64(Seed);
        var done = 0;
        foreach (var text in RuleTexts.All)
        {
            var respaced = new SourceText(text.Name, Respaced(text.Text, random));
            if (RuleFormatter.Format(respaced).Text is not { } formatted) continue;
            Assert.Equal(Formatted(text.Text), formatted);
            done++;
        }
        Assert.InRange(done, RuleTexts.All.Count / 2, RuleTexts.All.Count);
    }

    /// <summary>False where the text has syntax errors.</summary>
    private static bool Check(RuleText original, string text)
    {
        // What begins so is never left as it is.
        var source = new SourceText(original.Name, "\t\r\n" + text);
        if (RuleFormatter.Format(source).Text is not { } formatted) return false;
        Assert.DoesNotMatch(@"\r|[ \t]\n|^\s|\n\n\n|\{\n\n|\n\n\s*\}", WithoutBlockComments(formatted));
        Assert.Equal(Visible(source.Text), Visible(formatted));
        Assert.Equal(Formatted(formatted), formatted);
        Assert.Equal(Meaning(source, original.Others), Meaning(new SourceText(original.Name, formatted), original.Others));
        return true;
    }

    private static string Formatted(string text) => RuleFormatter.Format(new SourceText("", text)).Text!;

    /// <summary>All that is no white space: tokens and comments, in order.</summary>
    private static string Visible(string text) => Regex.Replace(text, @"[ \t\r\n]+", "");

    private static string WithoutBlockComments(string text) => Regex.Replace(text, @"/\*.*?\*/", "/**/", RegexOptions.Singleline);

    /// <summary>The compiled rules, or the codes of what is wrong with them.</summary>
    private static string Meaning(SourceText text, IReadOnlyList<SourceText> others)
    {
        var alone = RuleCompiler.Compile([text], Repository.ReadSampleList);
        var compilation = alone.RuleSet is null ? RuleCompiler.Compile([text, .. others], Repository.ReadSampleList) : alone;
        return compilation.RuleSet is { } set ? RuleSetText.Of(set) : string.Join(" ", compilation.Diagnostics.Select(d => d.Code));
    }

    private static string WithComments(string text, SplitMix64 random, int oneIn)
    {
        var count = 0;
        return BetweenTokens(text, space => !random.OneIn(oneIn) ? space : random.Below(7) switch
        {
            0 => $" // c{count++}  \n{space}",
            1 => $"{space}/* c{count++} */",
            2 => $"\r\n\r\n  // c{count++}\r\n{space}",
            3 => $"\n\t/* c{count++}\r\n   more */ /*x*/ //y\n{space}",
            4 => $"{space}/*c{count++}\n*/ ",
            5 => $"{space}\n\n\n ",
            _ => $"{space}  \t",
        });
    }

    private static string Respaced(string text, SplitMix64 random) => BetweenTokens(
        text, space => space.Contains('\n') || space.Contains('/') ? space : random.OneIn(30) ? " \n" : random.OneIn(2) ? space + "   " : space);

    private static string BetweenTokens(string text, Func<string, string> change)
    {
        var source = new SourceText("", text);
        var changed = new StringBuilder();
        var end = 0;
        foreach (var token in CommentedTokens.Of(source, new DiagnosticBag(source)).Tokens)
        {
            changed.Append(change(text[end..token.Span.Start])).Append(source.Slice(token.Span));
            end = token.Span.End;
        }
        return changed.ToString();
    }
}
