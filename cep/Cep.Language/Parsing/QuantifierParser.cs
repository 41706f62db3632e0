using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Syntax;
using Cep.Language.Text;
using Cep.Patterns;

namespace Cep.Language.Parsing;

/// <summary>Reads what stands between the name of a step, or the end of a group, and its colon: quantifier and modifiers.</summary>
internal sealed class QuantifierParser(TokenReader reader, ExpressionParser expressions)
{
    /// <summary>The most a count may say; every count is so many states of the automaton.</summary>
    public const int MaxCount = 1000;

    public static readonly IReadOnlyList<string> Modifiers = ["consecutive", "any", "in", "until"];

    public (QuantifierSyntax? Quantifier, IReadOnlyList<ModifierSyntax> Modifiers) Parse(bool afterGroup)
    {
        var quantifier = ParseQuantifier();
        var modifiers = new List<ModifierSyntax>();
        while (true)
        {
            if (ParseModifier() is { } modifier) modifiers.Add(modifier);
            else if (reader.Current.Kind is TokenKind.Question or TokenKind.Star or TokenKind.Plus || (reader.At(TokenKind.OpenBrace) && !afterGroup))
            {
                reader.ErrorHere(DiagnosticCode.MisplacedQuantifier, quantifier is null
                    ? "A quantifier stands right after the name, before `consecutive`, `any`, `in` and `until`."
                    : $"Expected one quantifier, but found {reader.Current.Describe()} after the first.");
                var late = ParseQuantifier();
                quantifier ??= late;
            }
            else if (!afterGroup && reader.Current.Kind == TokenKind.Identifier && IsModifierLike()) SkipUnknownModifier();
            else return (quantifier, modifiers);
        }
    }

    /// <summary>Whether the word here is followed by what follows a modifier; else it is a stream whose colon is missing.</summary>
    private bool IsModifierLike() =>
        !reader.AtWord("where") && !reader.Current.StartsLine
            && (reader.Peek().Kind == TokenKind.Colon || (reader.Peek().Kind == TokenKind.Identifier && Modifiers.Contains(reader.Peek().Text)));

    private void SkipUnknownModifier()
    {
        reader.ErrorHere(DiagnosticCode.UnknownModifier,
            $"`{reader.Current.Text}` is not a modifier of a step; there are `consecutive`, `any`, `in DURATION` and `until (CONDITION)`.",
            reader.AtWord("strict") || reader.AtWord("greedy") ? HelpFor(reader.Current.Text)
                : DiagnosticBag.DidYouMean(reader.Current.Text, Modifiers));
        reader.Take();
    }

    private static string HelpFor(string word) =>
        word == "strict" ? "did you mean `consecutive`?" : "loops are greedy; a `?` after the count explores every length";

    private ModifierSyntax? ParseModifier()
    {
        // A word followed by a colon is no modifier where it could be the name of the step; names have been read by now.
        var start = reader.Current.Span;
        if (reader.TryTakeWord("consecutive")) return new ConsecutiveSyntax(start);
        if (reader.TryTakeWord("any")) return new AnySyntax(start);
        if (reader.TryTakeWord("in"))
        {
            var duration = reader.ExpectDuration("a duration after `in`, as in `in 10m`");
            return duration is { } d ? new InSyntax(d, start.To(d.Span)) : null;
        }
        if (!reader.TryTakeWord("until")) return null;
        if (!reader.Expect(TokenKind.OpenParenthesis, "`(` and a condition after `until`")) return null;
        var condition = expressions.Parse();
        reader.Expect(TokenKind.CloseParenthesis, "`)` after the condition of `until`");
        return new UntilSyntax(condition, start.To(reader.Previous));
    }

    private QuantifierSyntax? ParseQuantifier()
    {
        var start = reader.Current.Span;
        switch (reader.Current.Kind)
        {
            case TokenKind.Question:
                reader.Take();
                RejectReluctant("?", "the second `?`");
                return new QuantifierSyntax(0, 1, false, true, start);
            case TokenKind.Star:
                reader.Take();
                return new QuantifierSyntax(0, null, reader.TryTake(TokenKind.Question), false, start.To(reader.Previous));
            case TokenKind.Plus:
                reader.Take();
                return new QuantifierSyntax(1, null, reader.TryTake(TokenKind.Question), false, start.To(reader.Previous));
            case TokenKind.OpenBrace:
                reader.Take();
                return ParseCount(start);
            default:
                return null;
        }
    }

    private void RejectReluctant(string written, string sign)
    {
        if (!reader.At(TokenKind.Question)) return;
        reader.Diagnostics.Error(DiagnosticCode.UselessReluctance, reader.Current.Span,
            $"`{written}?` means the same as `{written}`; {sign} was not expected.",
            $"write `{written}`");
        reader.Take();
    }

    private QuantifierSyntax? ParseCount(TextSpan start)
    {
        var before = reader.Diagnostics.Diagnostics.Count;
        var min = Count();
        var hasComma = reader.TryTake(TokenKind.Comma);
        var max = hasComma ? Count() : min;
        if (min is null && max is null && reader.Diagnostics.Diagnostics.Count == before)
            reader.Unexpected("a count, as in `{3}`, `{3,}`, `{3,5}` or `{,5}`");
        if (!reader.TryTake(TokenKind.CloseBrace))
        {
            reader.Unexpected(hasComma ? "`}` after the count" : "`,` or `}` in the count", "counts are written `{3}`, `{3,}`, `{3,5}` and `{,5}`");
            while (!reader.AtEnd && !reader.Current.StartsLine && reader.Current.Kind is not (TokenKind.CloseBrace or TokenKind.Colon)) reader.Take();
            reader.TryTake(TokenKind.CloseBrace);
        }
        var span = start.To(reader.Previous);
        if (reader.Diagnostics.Diagnostics.Count > before) return null;
        if (!IsSound(min ?? 0, max, span)) return null;
        if (min == max) RejectReluctant($"{{{min}}}", "the `?`");
        return new QuantifierSyntax(min ?? 0, max, min != max && reader.TryTake(TokenKind.Question), false, start.To(reader.Previous));
    }

    /// <summary>A count; null where none is written, or after reporting that it is negative.</summary>
    private long? Count()
    {
        if (reader.At(TokenKind.Minus) && reader.Peek().Kind == TokenKind.Integer)
        {
            var span = reader.Take().Span;
            var number = reader.Take();
            reader.Diagnostics.Error(DiagnosticCode.InvalidCount, span.To(number.Span),
                PatternReasons.NegativeCount(-number.Value));
            return null;
        }
        return reader.At(TokenKind.Integer) ? reader.Take().Value : null;
    }

    private bool IsSound(long min, long? max, TextSpan span)
    {
        if (max == 0)
            reader.Diagnostics.Error(DiagnosticCode.InvalidCount, span, PatternReasons.NeverTaken,
                "leave the step out, or write `not` before it if the event must not come");
        else if (max < min)
            reader.Diagnostics.Error(DiagnosticCode.InvalidCount, span, PatternReasons.EmptyRange(min, max.Value),
                $"did you mean `{{{max},{min}}}`?");
        else if (Math.Max(min, max ?? 0) > MaxCount)
            reader.Diagnostics.Error(DiagnosticCode.InvalidCount, span, $"A count may be at most {MaxCount}; {Math.Max(min, max ?? 0)} was found.",
                "for more, take an unbounded loop and test `count(…)` in the step after it");
        else return true;
        return false;
    }
}
