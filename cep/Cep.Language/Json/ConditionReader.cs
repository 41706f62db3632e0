using Cep.Conditions;
using Cep.Language.Binding;
using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Parsing;
using Cep.Language.Text;

namespace Cep.Language.Json;

/// <summary>Reads an expression of the rule language that stands in a JSON text.</summary>
internal static class ConditionReader
{
    /// <summary>The condition; null after reporting what is wrong, with the place in the expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="path">The JSON path of the text.</param>
    /// <param name="scope">What it may read.</param>
    /// <param name="what">What the condition is of, as a message says it.</param>
    /// <param name="areStreamsKnown">False where a step names an unknown stream, which has been reported; then a field that is not found is no error.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static Expr? Read(string text, string path, Scope scope, string what, bool areStreamsKnown, List<PatternJsonProblem> problems)
    {
        var diagnostics = new DiagnosticBag(new SourceText(path, text));
        var reader = new TokenReader(Tokens(diagnostics), diagnostics);
        var syntax = new ExpressionParser(reader).Parse();
        if (!reader.AtEnd)
            reader.Unexpected("an operator or the end of the condition");
        var bound = new ExpressionBinder(scope, diagnostics).BindCondition(syntax, what);
        foreach (var d in diagnostics.Diagnostics.Distinct().OrderBy(d => d.Span.Start))
            problems.Add(new(d.Code, path, d.Message, d.Span, d.Help));
        if (diagnostics.Diagnostics.Count > 0)
            return null;
        if (bound is null && areStreamsKnown)
            problems.Add(new(DiagnosticCode.NoCandidate, path, "The condition reads a field of a step that does not name its stream.",
                Help: "add `stream` to the step"));
        return bound;
    }

    private static List<Token> Tokens(DiagnosticBag diagnostics)
    {
        var tokens = Lexer.Lex(diagnostics.Source, diagnostics);
        // An expression stands inside a clause: its first word begins none, and it does not end a file.
        tokens[^1] = tokens[^1] with { Text = "the end of the condition" };
        tokens[0] = tokens[0] with { StartsLine = false };
        return tokens;
    }
}
