using System.Globalization;
using Cep.Conditions;

namespace Cep.Conformance.Model;

/// <summary>
/// Reads the neutral expression language of the cases straight into conditions, so that the model is judged without the rule language.
/// </summary>
internal sealed class ExpressionReader
{
    private static readonly Dictionary<string, BinaryOperator> Comparisons = new()
    {
        ["=="] = BinaryOperator.Equal, ["!="] = BinaryOperator.NotEqual, ["<"] = BinaryOperator.Less,
        ["<="] = BinaryOperator.LessOrEqual, [">"] = BinaryOperator.Greater, [">="] = BinaryOperator.GreaterOrEqual,
    };

    private readonly IReadOnlyList<Token> _tokens;
    private readonly string _source;
    private int _at;

    private ExpressionReader(string source) => (_tokens, _source) = (ExpressionTokens.Read(source), source);

    /// <summary>The condition that a text says.</summary>
    /// <exception cref="FormatException">The text is no expression, or names a field that events of cases do not have.</exception>
    public static Expr Read(string source)
    {
        var reader = new ExpressionReader(source);
        var expr = reader.Or();
        return reader.Peek.Kind == TokenKind.End ? expr : throw reader.Unexpected();
    }

    private Token Peek => _tokens[_at];

    private Expr Or()
    {
        var left = And();
        while (TakeWord("or"))
            left = ExprFactory.Binary(BinaryOperator.Or, left, And());
        return left;
    }

    private Expr And()
    {
        var left = Not();
        while (TakeWord("and"))
            left = ExprFactory.Binary(BinaryOperator.And, left, Not());
        return left;
    }

    // In the neutral language a condition holds or does not: `not` of an unknown one holds.
    private Expr Not() => TakeWord("not")
        ? ExprFactory.Not(ExprFactory.If(Not(), ExprFactory.Literal(true), ExprFactory.Literal(false)))
        : Comparison();

    private Expr Comparison()
    {
        var left = Sum();
        if (Peek.Kind == TokenKind.Symbol && Comparisons.TryGetValue(Peek.Text, out var op))
        {
            _at++;
            return ExprFactory.Binary(op, left, Sum());
        }
        if (TakeWord("in"))
            return ExprFactory.In(left, Items());
        if (!TakeWord("between"))
            return left;
        var low = ExprFactory.Binary(BinaryOperator.GreaterOrEqual, left, Sum());
        return TakeWord("and") ? ExprFactory.And(low, ExprFactory.Binary(BinaryOperator.LessOrEqual, left, Sum()))! : throw Unexpected();
    }

    private List<Expr> Items()
    {
        Need("(");
        var items = new List<Expr> { Sum() };
        while (Take(","))
            items.Add(Sum());
        Need(")");
        return items;
    }

    private Expr Sum()
    {
        var left = Product();
        while (true)
        {
            if (Take("+"))
                left = ExprFactory.Binary(BinaryOperator.Add, left, Product());
            else if (Take("-"))
                left = ExprFactory.Binary(BinaryOperator.Subtract, left, Product());
            else
                return left;
        }
    }

    private Expr Product()
    {
        var left = Sign();
        while (true)
        {
            if (Take("*"))
                left = ExprFactory.Binary(BinaryOperator.Multiply, left, Sign());
            else if (Take("/")) // numbers of the neutral language divide with a fraction
                left = ExprFactory.Binary(BinaryOperator.Divide, ExprFactory.Widen(left, ValueKind.Double), Sign());
            else if (Take("%"))
                left = ExprFactory.Binary(BinaryOperator.Remainder, left, Sign());
            else
                return left;
        }
    }

    private Expr Sign() => Take("-") ? ExprFactory.Negate(Atom()) : Atom();

    private Expr Atom()
    {
        if (Take("("))
        {
            var inner = Or();
            Need(")");
            return inner;
        }
        var token = _tokens[_at++];
        return token.Kind switch
        {
            TokenKind.Text => ExprFactory.Literal(token.Text),
            TokenKind.Number => Number(token.Text),
            TokenKind.Name => Named(token.Text),
            _ => throw Unexpected(),
        };
    }

    private static Expr Number(string text) => text.Contains('.')
        ? ExprFactory.Literal(double.Parse(text, CultureInfo.InvariantCulture))
        : ExprFactory.Literal(long.Parse(text, CultureInfo.InvariantCulture));

    private Expr Named(string name)
    {
        if (name is "true" or "false")
            return ExprFactory.Literal(name == "true");
        if (Take("("))
            return Aggregate(name);
        if (Take("["))
        {
            var sign = Take("-") ? -1 : 1;
            var index = sign * int.Parse(_tokens[_at++].Text, CultureInfo.InvariantCulture);
            Need("]");
            Need(".");
            return StepField(name, index, Name());
        }
        return Take(".") ? StepField(name, -1, Name()) : ExprFactory.Field(CaseEvent.EventType, CaseEvent.Field(name));
    }

    // `last(a.price)` and `last(a).price` are the same.
    private Expr Aggregate(string function)
    {
        var step = Name();
        var field = Take(".") ? Name() : null;
        Need(")");
        if (field is null && Take("."))
            field = Name();
        return function switch
        {
            "count" => ExprFactory.Count(step),
            "first" => StepField(step, 0, field),
            "last" => StepField(step, -1, field),
            "sum" => Over(AggregateKind.Sum, step, field),
            "avg" => Over(AggregateKind.Avg, step, field),
            "min" => Over(AggregateKind.Min, step, field),
            "max" => Over(AggregateKind.Max, step, field),
            _ => throw Unexpected(),
        };
    }

    private Expr StepField(string step, int index, string? field) =>
        ExprFactory.StepField(step, index, CaseEvent.EventType, CaseEvent.Field(field ?? throw Unexpected()));

    private Expr Over(AggregateKind kind, string step, string? field) =>
        ExprFactory.Aggregate(kind, step, CaseEvent.EventType, CaseEvent.Field(field ?? throw Unexpected()));

    private string Name() => _tokens[_at++] is { Kind: TokenKind.Name } name ? name.Text : throw Unexpected();

    private bool TakeWord(string word) => Take(new Token(TokenKind.Name, word));

    private bool Take(string symbol) => Take(new Token(TokenKind.Symbol, symbol));

    private bool Take(Token token)
    {
        if (Peek != token)
            return false;
        _at++;
        return true;
    }

    private void Need(string symbol)
    {
        if (!Take(symbol))
            throw Unexpected();
    }

    private FormatException Unexpected() => new($"Unexpected token {Math.Min(_at, _tokens.Count - 1)} in `{_source}`.");
}
