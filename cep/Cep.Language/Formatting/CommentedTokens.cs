using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Text;

namespace Cep.Language.Formatting;

/// <summary>A comment as it is written again.</summary>
/// <param name="Text">With its signs; line breaks in it are line feeds, and that of <c>//</c> has no space at its end.</param>
/// <param name="LineBreaksBefore">Line breaks between it and the token or comment before it; at the start of a file at least 1.</param>
internal readonly record struct Comment(string Text, int LineBreaksBefore)
{
    /// <summary>Whether nothing but white space stands before it on its line.</summary>
    public bool IsOnOwnLine => LineBreaksBefore > 0;

    /// <summary>Whether it goes to the end of its line.</summary>
    public bool IsLineComment => Text.StartsWith("//", StringComparison.Ordinal);

    /// <summary>Whether what follows it begins a line.</summary>
    public bool EndsLine => IsOnOwnLine || IsLineComment || Text.Contains('\n');
}

/// <summary>The tokens of a file as they are spelt, with the comments and line breaks between them.</summary>
internal sealed class CommentedTokens
{
    private readonly SourceText _source;
    private readonly List<Comment>[] _before;

    private CommentedTokens(SourceText source, List<Token> tokens, List<TextSpan> comments)
    {
        _source = source;
        Tokens = tokens;
        _before = new List<Comment>[tokens.Count];
        LineBreaksBefore = new int[tokens.Count];
        Place(comments);
    }

    /// <summary>All tokens, the last the end of the file.</summary>
    public List<Token> Tokens { get; }

    /// <summary>For each token, the line breaks between it and the token or comment before it.</summary>
    public int[] LineBreaksBefore { get; }

    /// <summary>Reads a file.</summary>
    public static CommentedTokens Of(SourceText source, DiagnosticBag diagnostics)
    {
        var comments = new List<TextSpan>();
        return new CommentedTokens(source, Lexer.Lex(source, diagnostics, comments), comments);
    }

    /// <summary>The comments between a token and the one before it.</summary>
    public IReadOnlyList<Comment> CommentsBefore(int token) => _before[token];

    /// <summary>Whether a token must begin a line because of a comment before it.</summary>
    public bool MustStartLine(int token) => _before[token].Exists(c => c.EndsLine);

    /// <summary>The characters of a token.</summary>
    public string TextOf(int token) => _source.Slice(Tokens[token].Span).ToString();

    /// <summary>The first token that starts at an offset or after it.</summary>
    public int IndexAt(int offset)
    {
        int low = 0, high = Tokens.Count - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Tokens[middle].Span.Start < offset) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>The last token that starts before an offset.</summary>
    public int IndexBefore(int offset)
    {
        var index = IndexAt(offset);
        return Tokens[index].Span.Start < offset ? index : index - 1;
    }

    private void Place(List<TextSpan> comments)
    {
        int end = 0, next = 0;
        for (var token = 0; token < Tokens.Count; token++)
        {
            _before[token] = [];
            for (; next < comments.Count && comments[next].Start < Tokens[token].Span.Start; next++)
            {
                var lineBreaks = LineBreaks(end, comments[next].Start);
                _before[token].Add(new Comment(Normal(_source.Slice(comments[next]).ToString()), end == 0 ? Math.Max(1, lineBreaks) : lineBreaks));
                end = comments[next].End;
            }
            LineBreaksBefore[token] = LineBreaks(end, Tokens[token].Span.Start);
            end = Tokens[token].Span.End;
        }
    }

    private int LineBreaks(int start, int end) => _source.LineOf(end) - _source.LineOf(start);

    private static string Normal(string comment) => comment.StartsWith("//", StringComparison.Ordinal)
        ? comment.TrimEnd(' ', '\t')
        : comment.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}
