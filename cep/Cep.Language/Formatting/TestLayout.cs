using Cep.Language.Lexing;
using Cep.Language.Syntax;

namespace Cep.Language.Formatting;

/// <summary>Lays out the statements of a test: one a line, the events of the test as a table.</summary>
/// <param name="file">The file.</param>
/// <param name="layout">Takes where tokens stand.</param>
/// <param name="indent">The column of statements.</param>
internal sealed class TestLayout(CommentedTokens file, FileLayout layout, int indent)
{
    public void LayOut(TestSyntax test)
    {
        var events = test.Statements.OfType<AtSyntax>().Select(a => file.IndexAt(a.Span.Start)).ToList();
        var (time, stream) = (WidestOf(events, 1), WidestOf(events, 2));
        foreach (var word in events)
        {
            layout.Spaces[word + 2] = time - WidthOf(word + 1) + 2;
            layout.Spaces[word + 3] = stream - WidthOf(word + 2) + 1;
        }
        foreach (var statement in test.Statements) LayOut(statement);
    }

    private void LayOut(StatementSyntax statement)
    {
        var (first, last) = (file.IndexAt(statement.Span.Start), file.IndexBefore(statement.Span.End));
        layout.Break(first, indent, EmptyLine.Kept);
        for (var i = first + 1; i <= last; i++) layout.Continuation[i] = 2 * indent;
        var values = statement switch
        {
            AtSyntax at => at.Values,
            ExpectAlertSyntax alert => alert.Values,
            _ => [],
        };
        if (values.Count == 0 || layout.Fits(indent, first, last, DeclarationLayout.LineWidth)) return;
        foreach (var value in values) layout.Break(file.IndexAt(value.Name.Span.Start), 2 * indent);
        var close = file.IndexAt(values[^1].Value.Span.End);
        while (file.Tokens[close].Kind != TokenKind.CloseBrace) close++;
        layout.Break(close, indent, comments: 2 * indent);
    }

    private int WidestOf(List<int> events, int token) => events.Select(e => WidthOf(e + token)).DefaultIfEmpty(0).Max();

    private int WidthOf(int token) => FileLayout.WidthOf(file.TextOf(token));
}
