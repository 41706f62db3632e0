using Cep.Language.Lexing;
using Cep.Language.Syntax;

namespace Cep.Language.Formatting;

/// <summary>How many spaces, none or one, stand between two tokens on a line.</summary>
/// <remarks>Most follow from the tokens; for a few the syntax says which of two meanings a sign has: quantifiers, groups, calls and negative numbers.</remarks>
internal sealed class TokenSpacing
{
    private readonly CommentedTokens _file;
    private readonly HashSet<int> _glued = [];
    private readonly HashSet<int> _groupSigns = [];

    private TokenSpacing(CommentedTokens file) => _file = file;

    /// <summary>For each token of a file without syntax errors, the spaces before it.</summary>
    public static int[] Of(CommentedTokens file, FileSyntax syntax)
    {
        var spacing = new TokenSpacing(file);
        foreach (var rule in syntax.Rules) spacing.Mark(rule);
        foreach (var value in syntax.Lists.SelectMany(l => l.Values ?? [])) spacing.Mark(value);
        foreach (var test in syntax.Tests) spacing.Mark(test);
        var spaces = new int[file.Tokens.Count];
        for (var i = 1; i < spaces.Length; i++) spaces[i] = spacing.IsGlued(i) ? 0 : 1;
        return spaces;
    }

    private bool IsGlued(int token)
    {
        var (before, here) = (_file.Tokens[token - 1].Kind, _file.Tokens[token].Kind);
        if (_glued.Contains(token)) return true;
        if (here is TokenKind.Comma or TokenKind.Colon or TokenKind.Dot or TokenKind.Question or TokenKind.OpenBracket or TokenKind.CloseBracket) return true;
        if (before is TokenKind.Dot or TokenKind.OpenBracket or TokenKind.At) return true;
        if (before == TokenKind.OpenBrace && here == TokenKind.CloseBrace) return true;
        if (before == TokenKind.Minus && token > 1 && _file.Tokens[token - 2].Kind == TokenKind.OpenBracket) return true;
        return (before == TokenKind.OpenParenthesis && !_groupSigns.Contains(token - 1))
            || (here == TokenKind.CloseParenthesis && !_groupSigns.Contains(token));
    }

    private void Mark(RuleSyntax rule)
    {
        foreach (var input in rule.From?.Inputs ?? []) Mark(input.Where);
        if (rule.Match is { } match) Mark(match.Sequence);
        foreach (var unless in rule.Unless) Mark(unless.Where);
        foreach (var measure in new[] { rule.Emit, rule.EmitOnTimeout }.SelectMany(e => e?.Measures ?? [])) Mark(measure.Value);
        foreach (var severity in rule.SeverityCases) Mark(severity.When);
        if (rule.Partials is { } partials) GlueInside(partials.PerKeySpan.Start, partials.PerKeySpan.End);
        if (rule.Limit is { } limit) GlueInside(limit.CountSpan.Start, limit.CountSpan.End);
    }

    private void Mark(TestSyntax test)
    {
        foreach (var statement in test.Statements)
        {
            var values = statement is AtSyntax at ? at.Values : statement is ExpectAlertSyntax alert ? alert.Values : [];
            foreach (var value in values) Mark(value.Value);
            if (statement is ExpectNoneSyntax none) Mark(none.Where);
        }
    }

    private void Mark(SequenceSyntax sequence)
    {
        foreach (var step in sequence.Steps)
        {
            if (step.Quantifier is { } quantifier)
            {
                _glued.Add(_file.IndexAt(quantifier.Span.Start));
                GlueInside(quantifier.Span.Start, quantifier.Span.End);
            }
            foreach (var modifier in step.Modifiers.OfType<UntilSyntax>()) Mark(modifier.Condition);
            if (step is AtomSyntax atom) Mark(atom.Where);
            if (step is GroupSyntax group) Mark(group);
        }
    }

    private void Mark(GroupSyntax group)
    {
        var open = _file.IndexAt(group.Span.Start) + (group.Not is null ? 0 : 1);
        _groupSigns.Add(open);
        var last = _file.IndexBefore(group.Alternatives[^1].Span.End);
        _groupSigns.Add(last + 1);
        foreach (var alternative in group.Alternatives) Mark(alternative);
    }

    private void Mark(ExpressionSyntax? expression)
    {
        if (expression is null) return;
        if (expression is CallSyntax call) _glued.Add(_file.IndexAt(call.Function.Span.Start) + 1);
        if (expression is NegateSyntax negation) _glued.Add(_file.IndexAt(negation.Span.Start) + 1);
        foreach (var part in Parts(expression)) Mark(part);
    }

    private static IEnumerable<ExpressionSyntax> Parts(ExpressionSyntax expression) => expression switch
    {
        CallSyntax e => e.Arguments,
        LogicalSyntax e => e.Operands,
        NotSyntax e => [e.Operand],
        NegateSyntax e => [e.Operand],
        BinarySyntax e => [e.Left, e.Right],
        InListSyntax e => [e.Operand, .. e.Items],
        InNamedListSyntax e => [e.Operand],
        BetweenSyntax e => [e.Operand, e.Low, e.High],
        IsNullSyntax e => [e.Operand],
        ConditionalSyntax e => [e.Condition, e.Then, e.Else],
        _ => [],
    };

    private void GlueInside(int start, int end)
    {
        for (var i = _file.IndexAt(start) + 1; i <= _file.IndexBefore(end); i++) _glued.Add(i);
    }
}
