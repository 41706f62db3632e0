namespace Cep.Conditions;

/// <summary>Operators with one operand.</summary>
public enum UnaryOperator
{
    /// <summary><c>not</c>; unknown stays unknown.</summary>
    Not,

    /// <summary><c>-</c></summary>
    Negate,
}

/// <summary>Operators with two operands.</summary>
public enum BinaryOperator
{
    /// <summary><c>and</c>: false if one operand is false, else unknown if one is unknown.</summary>
    And,

    /// <summary><c>or</c>: true if one operand is true, else unknown if one is unknown.</summary>
    Or,

    /// <summary><c>==</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,

    /// <summary><c>+</c></summary>
    Add,

    /// <summary><c>-</c></summary>
    Subtract,

    /// <summary><c>*</c></summary>
    Multiply,

    /// <summary><c>/</c>: whole-number division on two integers, rounding toward zero.</summary>
    Divide,

    /// <summary><c>%</c>: the remainder, with the sign of the left operand.</summary>
    Remainder,

    /// <summary><c>contains</c>: the left text holds the right one.</summary>
    Contains,

    /// <summary><c>startswith</c></summary>
    StartsWith,

    /// <summary><c>endswith</c></summary>
    EndsWith,

    /// <summary><c>matches</c>: a regular expression, a constant, evaluated without backtracking.</summary>
    Matches,

    /// <summary><c>like</c>: a constant with <c>%</c> for any text and <c>_</c> for any one character.</summary>
    Like,
}

/// <summary>Facts about operators.</summary>
public static class Operators
{
    /// <summary>The operator in rule text.</summary>
    public static string Text(this BinaryOperator op) => op switch
    {
        BinaryOperator.And => "and",
        BinaryOperator.Or => "or",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
        BinaryOperator.Contains => "contains",
        BinaryOperator.StartsWith => "startswith",
        BinaryOperator.EndsWith => "endswith",
        BinaryOperator.Matches => "matches",
        BinaryOperator.Like => "like",
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, null),
    };

    /// <summary>How strongly the operator binds: a larger number binds first.</summary>
    public static int Precedence(this BinaryOperator op) => op switch
    {
        BinaryOperator.Or => 1,
        BinaryOperator.And => 2,
        BinaryOperator.Add or BinaryOperator.Subtract => 5,
        BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Remainder => 6,
        _ => 4,
    };

    /// <summary>Whether the operator orders its operands.</summary>
    public static bool IsOrdering(this BinaryOperator op) =>
        op is BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual;

    /// <summary>Whether the operator tests for equality.</summary>
    public static bool IsEquality(this BinaryOperator op) => op is BinaryOperator.Equal or BinaryOperator.NotEqual;

    /// <summary>Whether the operator computes a number, a time or a span.</summary>
    public static bool IsArithmetic(this BinaryOperator op) =>
        op is BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Remainder;
}
