using Cep.Language.Lexing;
using Cep.Language.Syntax;

namespace Cep.Language.Formatting;

/// <summary>Lays out the declarations of a file without syntax errors.</summary>
internal sealed class DeclarationLayout
{
    /// <summary>The column of fields and clauses.</summary>
    private const int Indent = 4;

    /// <summary>The column at which what a clause says begins: the longest words of clauses have eight characters.</summary>
    private const int ClauseColumn = Indent + 9;

    /// <summary>The widest line that is not broken where it can be.</summary>
    internal const int LineWidth = 120;

    private readonly CommentedTokens _file;
    private readonly FileLayout _layout;

    private DeclarationLayout(CommentedTokens file, FileSyntax syntax)
    {
        _file = file;
        _layout = new FileLayout(file, syntax);
    }

    /// <summary>The layout of a file.</summary>
    public static FileLayout Of(CommentedTokens file, FileSyntax syntax)
    {
        var plan = new DeclarationLayout(file, syntax);
        foreach (var stream in syntax.Streams) plan.LayOut(stream);
        foreach (var list in syntax.Lists) plan.LayOut(list);
        foreach (var rule in syntax.Rules) plan.LayOut(rule);
        foreach (var test in syntax.Tests) plan.LayOut(test);
        plan._layout.Break(file.Tokens.Count - 1, 0, EmptyLine.Always);
        return plan._layout;
    }

    private void LayOut(StreamSyntax stream)
    {
        var last = LayOutBlock(stream.Span.Start, stream.Span.End);
        var fields = stream.Fields.Select(f => _file.IndexAt(f.Name.Span.Start)).ToList();
        var members = fields.Concat(stream.Times.Select(t => _file.IndexAt(t.Span.Start))).Order().ToList();
        Continue(_file.IndexAt(stream.Span.Start), last, 2 * Indent);
        foreach (var member in members) _layout.Break(member, Indent, EmptyLine.Kept);
        var longest = fields.Count == 0 ? 0 : fields.Max(WidthOf);
        foreach (var field in fields) _layout.Spaces[field + 1] = longest - WidthOf(field) + 2;

        var comments = Indent + 2 + fields.Select(f => _layout.Width(f, End(f)) ?? 0).DefaultIfEmpty().Max();
        foreach (var next in members.Skip(1).Append(last)) _layout.BehindColumn[next] = comments;

        int End(int field) => members.Find(m => m > field) is > 0 and var next ? next - 1 : last - 1;
    }

    private void LayOut(ListSyntax list)
    {
        var (first, last) = (_file.IndexAt(list.Span.Start), _file.IndexBefore(list.Span.End));
        _layout.Break(first, 0, EmptyLine.Always);
        Continue(first, last, Indent);
        if (list.Values is null || _layout.Fits(0, first, last, LineWidth)) return;
        foreach (var value in list.Values) _layout.Break(_file.IndexAt(value.Span.Start), Indent, EmptyLine.Kept);
        _layout.Break(last, 0, comments: Indent);
    }

    private void LayOut(RuleSyntax rule)
    {
        var last = LayOutBlock(rule.Span.Start, rule.Span.End);
        var words = rule.Clauses.ConvertAll(c => _file.IndexAt(c.Start));
        for (var i = 0; i < words.Count; i++)
        {
            var (word, end) = (words[i], i + 1 < words.Count ? words[i + 1] - 1 : last - 1);
            _layout.Break(word, Indent, EmptyLine.Kept);
            _layout.Spaces[word + 1] = Math.Max(1, ClauseColumn - Indent - WidthOf(word));
            Continue(word, end, ClauseColumn);
            LayOutClause(rule, word, end);
        }
    }

    private void LayOut(TestSyntax test)
    {
        LayOutBlock(test.Span.Start, test.Span.End);
        new TestLayout(_file, _layout, Indent).LayOut(test);
    }

    private void LayOutClause(RuleSyntax rule, int word, int end)
    {
        if (_file.Tokens[word].IsWord("from")) LayOut(rule.From!, end);
        else if (_file.Tokens[word].IsWord("match")) new MatchLayout(_file, _layout, ClauseColumn).LayOut(rule.Match!, word + 1, end);
        else if (_file.Tokens[word].IsWord("emit")) LayOut(_file.Tokens[word + 2].IsWord("timeout") ? rule.EmitOnTimeout! : rule.Emit!, word, end);
        else if (_file.Tokens[word].IsWord("unless")) LayOut(rule.Unless.First(u => u.Span.Start == _file.Tokens[word].Span.Start), word, end);
    }

    /// <summary>Lays out the first line of a declaration and its closing brace, which is returned.</summary>
    private int LayOutBlock(int start, int end)
    {
        var (first, last) = (_file.IndexAt(start), _file.IndexBefore(end));
        _layout.Break(first, 0, EmptyLine.Always);
        Continue(first, last, Indent);
        _layout.Break(last, 0, EmptyLine.Kept, comments: Indent);
        return last;
    }

    private void LayOut(FromSyntax from, int end)
    {
        var inputs = from.Inputs.Select(i => _file.IndexAt(i.Stream.Span.Start)).ToList();
        if (_layout.Fits(ClauseColumn, inputs[0], end, LineWidth)) return;
        foreach (var (syntax, i) in from.Inputs.Select((input, i) => (input, i)))
        {
            if (i > 0) _layout.Break(inputs[i], ClauseColumn);
            var last = i + 1 < inputs.Count ? inputs[i + 1] - 1 : end;
            if (syntax.Where is not LogicalSyntax where || _layout.Fits(ClauseColumn, inputs[i], last, LineWidth)) continue;
            var word = _file.IndexAt(syntax.Key.Count > 0 ? syntax.Key[^1].Span.End : syntax.Stream.Span.End);
            if (_file.Tokens[word].Kind == TokenKind.CloseParenthesis) word++;
            ConditionLayout.Break(_file, _layout, where, word, ClauseColumn + (_layout.Width(inputs[i], word) ?? ConditionLayout.UnknownWidth));
        }
    }

    private void LayOut(UnlessSyntax unless, int word, int end)
    {
        if (unless.Where is not LogicalSyntax where || _layout.Fits(ClauseColumn, word + 1, end, LineWidth)) return;
        var sign = _file.IndexAt(unless.Stream.Span.End);
        ConditionLayout.Break(_file, _layout, where, sign, ClauseColumn + (_layout.Width(word + 1, sign) ?? ConditionLayout.UnknownWidth));
    }

    private void LayOut(EmitSyntax emit, int word, int end)
    {
        if (_layout.Fits(ClauseColumn, word + 1, end, LineWidth)) return;
        var names = emit.Measures.Select(m => _file.IndexAt(m.Name.Span.Start)).ToList();
        Continue(names.Count > 0 ? names[0] : end, end, ClauseColumn + (2 * Indent));
        foreach (var name in names)
        {
            _layout.Break(name, ClauseColumn + Indent);
            _layout.Spaces[name + 1] = names.Max(WidthOf) - WidthOf(name) + 1;
        }
        _layout.Break(end, ClauseColumn, comments: ClauseColumn + Indent);
    }

    private void Continue(int first, int last, int column)
    {
        for (var i = first + 1; i <= last; i++) _layout.Continuation[i] = column;
    }

    private int WidthOf(int token) => FileLayout.WidthOf(_file.TextOf(token));
}
