using Cep.Language.Syntax;

namespace Cep.Language.Formatting;

/// <summary>Breaks a condition that is too long for its line before each <c>and</c> or <c>or</c> of its outermost level, operands below each other.</summary>
internal static class ConditionLayout
{
    /// <summary>Stands for the width of what comes before a condition where a comment breaks that.</summary>
    public const int UnknownWidth = 8;

    /// <summary>Breaks a condition.</summary>
    /// <param name="file">The file.</param>
    /// <param name="layout">Takes the breaks.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="where">The token <c>where</c> before it.</param>
    /// <param name="end">The column behind that token.</param>
    public static void Break(CommentedTokens file, FileLayout layout, LogicalSyntax condition, int where, int end)
    {
        var word = condition.IsAnd ? "and" : "or";
        foreach (var operand in condition.Operands.Skip(1))
        {
            // Nothing but opening parentheses stands between an operator and its operand.
            var sign = file.IndexAt(operand.Span.Start) - 1;
            while (sign > where && !file.Tokens[sign].IsWord(word)) sign--;
            layout.Break(sign, end - word.Length);
        }
    }
}

/// <summary>Lays out a <c>match</c> clause: on one line where it is short, else a line for each link, which leads it, for <c>within</c> and for <c>skip</c>.</summary>
/// <param name="file">The file.</param>
/// <param name="layout">Takes the breaks.</param>
/// <param name="column">The column of the first step.</param>
internal sealed class MatchLayout(CommentedTokens file, FileLayout layout, int column)
{
    /// <summary>The widest line with a whole pattern: narrower than other lines, for a pattern reads downwards.</summary>
    private const int PatternWidth = 100;

    /// <summary>Lays out the tokens behind <c>match</c>.</summary>
    public void LayOut(MatchSyntax match, int first, int last)
    {
        if (layout.Fits(column, first, last, PatternWidth)) return;
        LayOut(match.Sequence, column);
        if (match.Within is { } within) layout.Break(file.IndexAt(within.Span.Start), column);
        if (match.Skip is { } skip) layout.Break(file.IndexAt(skip.Span.Start), column);
    }

    private void LayOut(SequenceSyntax sequence, int at)
    {
        foreach (var step in sequence.Steps)
        {
            var stepAt = at;
            if (step.LinkSpan.Length > 0)
            {
                layout.Break(file.IndexAt(step.LinkSpan.Start), at);
                stepAt += step.LinkSpan.Length + 1;
            }
            LayOut(step, stepAt);
        }
    }

    private void LayOut(StepSyntax step, int at)
    {
        var (first, last) = (file.IndexAt(step.Span.Start), file.IndexBefore(step.Span.End));
        if (layout.Fits(at, first, last, DeclarationLayout.LineWidth)) return;
        if (step is GroupSyntax group) LayOut(group, at + (group.Not is null ? 0 : "not ".Length));
        if (step is not AtomSyntax { Where: LogicalSyntax where } atom) return;
        var word = file.IndexAt(atom.Stream.Span.End);
        ConditionLayout.Break(file, layout, where, word, at + (layout.Width(first, word) ?? ConditionLayout.UnknownWidth));
    }

    /// <summary>A group: its steps two columns behind the parenthesis, the signs between alternatives below it.</summary>
    private void LayOut(GroupSyntax group, int at)
    {
        foreach (var alternative in group.Alternatives)
        {
            if (alternative != group.Alternatives[0]) layout.Break(file.IndexAt(alternative.Span.Start) - 1, at);
            LayOut(alternative, at + 2);
        }
    }
}
