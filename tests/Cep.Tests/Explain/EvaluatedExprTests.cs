using Cep.Conditions;
using Cep.Events;
using Cep.Explain;
using Xunit;

namespace Cep.Tests.Explain;

public class EvaluatedExprTests
{
    private sealed class Payment
    {
        public decimal Amount { get; init; }

        public string? Merchant { get; init; }

        public bool Approved { get; init; }

        public long? Tries { get; init; }
    }

    private static readonly EventType Type = EventType.Of<Payment>();

    private static readonly Expr Amount = Field("Amount"), Merchant = Field("Merchant"), Approved = Field("Approved"), Tries = Field("Tries");

    private static Expr Field(string name) => ExprFactory.Field(Type, Type.TryGetField(name, out var field) ? field : throw new ArgumentException(name));

    private static Expr Binary(BinaryOperator op, Expr left, Expr right) => ExprFactory.Binary(op, left, right);

    public static TheoryData<Expr, string, ConditionOutcome> Conditions => new()
    {
        { Binary(BinaryOperator.Greater, Amount, ExprFactory.Literal(200m)), "Amount > 200 [350.00 > 200]", ConditionOutcome.Holds },
        { Binary(BinaryOperator.Less, Amount, ExprFactory.Literal(2.00m)), "Amount < 2.00 [350.00 < 2.00]", ConditionOutcome.DoesNotHold },
        { Approved, "Approved [true]", ConditionOutcome.Holds },
        { Binary(BinaryOperator.Greater, Tries, ExprFactory.Literal(1L)), "Tries > 1 [null > 1: Tries is null]", ConditionOutcome.Unknown },
        { ExprFactory.IsNull(Tries), "Tries is null [null]", ConditionOutcome.Holds },
        { ExprFactory.In(Merchant, [ExprFactory.Literal("a"), ExprFactory.Literal("b")]), "Merchant in (\"a\", \"b\") [\"Shop \\\"1\\\"\"]", ConditionOutcome.DoesNotHold },
        {
            Binary(BinaryOperator.And, Binary(BinaryOperator.Or, Approved, ExprFactory.IsNull(Merchant)), Binary(BinaryOperator.Contains, Merchant, ExprFactory.Literal("op"))),
            "(Approved [true] or Merchant is null [\"Shop \\\"1\\\"\"]) and Merchant contains \"op\" [\"Shop \\\"1\\\"\" contains \"op\"]", ConditionOutcome.Holds
        },
        {
            Binary(BinaryOperator.Greater, Binary(BinaryOperator.Divide, Amount, Binary(BinaryOperator.Subtract, Amount, Amount)), ExprFactory.Literal(1m)),
            "Amount / (Amount - Amount) > 1 [division by zero]", ConditionOutcome.Failed
        },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Condition_is_rule_text_with_the_values_behind_what_is_compared(Expr condition, string text, ConditionOutcome outcome)
    {
        var registers = RegisterLayout.For([condition]);
        var payment = new Payment { Amount = 350.00m, Merchant = "Shop \"1\"", Approved = true };

        var evaluated = new ExprEvaluator(registers).Evaluate(condition, payment, 0, registers.Empty);

        Assert.Equal((text, outcome), (evaluated.ToString(), evaluated.Outcome));
    }
}
