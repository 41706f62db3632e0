using System.Text;
using Cep.Language.Lexing;

namespace Cep.Language.Formatting;

/// <summary>Writes the tokens and comments of a file as a layout says.</summary>
internal sealed class LayoutPrinter
{
    private readonly CommentedTokens _file;
    private readonly FileLayout _layout;
    private readonly StringBuilder _text = new();
    private int _lineStart;

    private LayoutPrinter(CommentedTokens file, FileLayout layout) => (_file, _layout) = (file, layout);

    /// <summary>The text: line feeds, no space before one, the last line ended; empty for a file with nothing in it.</summary>
    public static string Print(CommentedTokens file, FileLayout layout)
    {
        var printer = new LayoutPrinter(file, layout);
        for (var i = 0; i < file.Tokens.Count; i++)
        {
            printer.PrintComments(i);
            if (file.Tokens[i].Kind != TokenKind.EndOfFile) printer.PrintToken(i);
        }
        if (printer._text.Length > 0) printer._text.Append('\n');
        return printer._text.ToString();
    }

    private void PrintComments(int token)
    {
        var comments = _file.CommentsBefore(token);
        var isBroken = _layout.Column[token] >= 0;
        var isFirstLine = true;
        for (var i = 0; i < comments.Count; i++)
        {
            var comment = comments[i];
            if (comment.IsOnOwnLine)
            {
                StartLine(isBroken ? _layout.CommentColumn[token] : _layout.Continuation[token], IsAfterEmptyLine(token, isFirstLine, comment.LineBreaksBefore));
                isFirstLine = false;
            }
            else _text.Append(' ', SpacesBehind(comment, i == 0 ? _layout.BehindColumn[token] : 0));
            if (comment.Text.LastIndexOf('\n') is var lineBreak and >= 0) _lineStart = _text.Length + lineBreak + 1;
            _text.Append(comment.Text);
        }
    }

    private void PrintToken(int token)
    {
        var comments = _file.CommentsBefore(token);
        var isAlone = !comments.Any(c => c.IsOnOwnLine);
        var isClosing = _file.Tokens[token].Kind == TokenKind.CloseBrace;
        if (_layout.Column[token] >= 0)
            StartLine(_layout.Column[token], !isClosing && IsAfterEmptyLine(token, isAlone, _file.LineBreaksBefore[token]));
        else if (_file.MustStartLine(token)) StartLine(_layout.Continuation[token], false);
        else if (_text.Length > 0) _text.Append(' ', comments.Count > 0 ? 1 : _layout.Spaces[token]);
        _text.Append(_file.TextOf(token));
    }

    /// <summary>Whether an empty line stands before what begins a line in the gap before a token.</summary>
    /// <param name="token">The token after the gap.</param>
    /// <param name="isFirst">Whether it is the first in this gap.</param>
    /// <param name="lineBreaks">The line breaks that stood before it.</param>
    private bool IsAfterEmptyLine(int token, bool isFirst, int lineBreaks) => _layout.Empty[token] switch
    {
        EmptyLine.Never => false,
        EmptyLine.Always when isFirst => true,
        _ when isFirst && token > 0 && _file.Tokens[token - 1].Kind == TokenKind.OpenBrace => false,
        _ => lineBreaks > 1,
    };

    private void StartLine(int column, bool isAfterEmptyLine)
    {
        if (_text.Length == 0) return;
        _text.Append(isAfterEmptyLine ? "\n\n" : "\n");
        _lineStart = _text.Length;
        _text.Append(' ', column);
    }

    private int SpacesBehind(Comment comment, int column) =>
        comment.IsLineComment ? Math.Max(2, column - FileLayout.WidthOf(_text.ToString(_lineStart, _text.Length - _lineStart))) : 1;
}
