using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Formatting;

/// <summary>When an empty line stands before what begins a line.</summary>
internal enum EmptyLine
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>One where there was one or more, but not at the edges of a block.</summary>
    Kept,

    /// <summary>One before the first thing, comment or token, after the token before; between comments as <see cref="Kept"/>.</summary>
    Always,
}

/// <summary>Where each token of a file stands: on a new line at a column, or behind the token before it. Columns count from 0.</summary>
internal sealed class FileLayout
{
    private readonly CommentedTokens _file;

    /// <summary>A layout of one line.</summary>
    public FileLayout(CommentedTokens file, FileSyntax syntax)
    {
        _file = file;
        Spaces = TokenSpacing.Of(file, syntax);
        Column = Filled(-1);
        CommentColumn = Filled(0);
        Continuation = Filled(0);
        BehindColumn = Filled(0);
        Empty = new EmptyLine[file.Tokens.Count];
    }

    /// <summary>The spaces before each token where it does not begin a line.</summary>
    public int[] Spaces { get; }

    /// <summary>The column of each token that begins a line, -1 for the others.</summary>
    public int[] Column { get; }

    /// <summary>Of each token that begins a line, the column of comments on lines of their own before it.</summary>
    public int[] CommentColumn { get; }

    /// <summary>The column of a token that begins a line only because a comment before it does.</summary>
    public int[] Continuation { get; }

    /// <summary>The column of a <c>//</c> behind the token before this one, where that leaves two spaces; 0 for two spaces.</summary>
    public int[] BehindColumn { get; }

    /// <summary>Where empty lines stand.</summary>
    public EmptyLine[] Empty { get; }

    /// <summary>Puts a token on a new line.</summary>
    public void Break(int token, int column, EmptyLine empty = EmptyLine.Never, int? comments = null)
    {
        Column[token] = column;
        CommentColumn[token] = comments ?? column;
        Empty[token] = empty;
    }

    /// <summary>Whether tokens from <paramref name="first"/> to <paramref name="last"/>, the first at a column, stand on one line of a width.</summary>
    public bool Fits(int column, int first, int last, int width) => Width(first, last) is { } own && column + own <= width;

    /// <summary>The columns that a stretch of tokens takes on one line; null where a comment in it ends a line.</summary>
    public int? Width(int first, int last)
    {
        var width = WidthOf(_file.TextOf(first));
        for (var i = first + 1; i <= last; i++)
        {
            if (_file.MustStartLine(i)) return null;
            var comments = _file.CommentsBefore(i);
            width += WidthOf(_file.TextOf(i)) + (comments.Count == 0 ? Spaces[i] : comments.Sum(c => 1 + WidthOf(c.Text)) + 1);
        }
        return width;
    }

    /// <summary>The columns that a text takes in a terminal.</summary>
    public static int WidthOf(string text) => DisplayWidth.Of(text);

    private int[] Filled(int value)
    {
        var columns = new int[_file.Tokens.Count];
        Array.Fill(columns, value);
        return columns;
    }
}
