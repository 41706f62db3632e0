using Cep.Conditions;
using Xunit;

namespace Cep.Tests.Conditions;

/// <summary>Random conditions, compiled, against an interpreter that follows the definitions one by one.</summary>
public class RandomExpressionTests
{
    private static readonly BinaryOperator[] Comparisons =
        [BinaryOperator.Equal, BinaryOperator.NotEqual, BinaryOperator.Less, BinaryOperator.LessOrEqual, BinaryOperator.Greater, BinaryOperator.GreaterOrEqual];

    [Fact]
    public void Compiled_conditions_agree_with_their_definition()
    {
        var random = new Random(31);
        for (var i = 0; i < 500; i++)
        {
            var condition = Condition(random, 4);
            var layout = RegisterLayout.For([condition]);
            var code = ExpressionCompiler.Condition(Sample.Type, condition, layout);
            for (var j = 0; j < 12; j++)
            {
                var e = Sample.Event(
                    ("long", random.NextInt64(-2, 3)), ("long_opt", random.Next(2) == 0 ? null : random.NextInt64(-2, 3)),
                    ("bool", random.Next(2) == 0), ("bool_opt", random.Next(3) switch { 0 => null, 1 => true, _ => false }));
                Assert.True(LogicTests.TruthOf((bool?)Interpret(condition, e)) == code(e, 0, layout.Empty), condition.ToString());
            }
        }
    }

    private static Expr Condition(Random random, int depth) => (depth == 0 ? random.Next(3) : random.Next(10)) switch
    {
        0 => Sample.Of("bool"),
        1 => Sample.Of("bool_opt"),
        2 => Sample.Constant(ValueKind.Bool, random.Next(3) switch { 0 => null, 1 => true, _ => false }),
        3 => ExprFactory.Not(Condition(random, depth - 1)),
        4 => ExprFactory.IsNull(random.Next(2) == 0 ? Number(random, depth - 1) : Condition(random, depth - 1)),
        5 => ExprFactory.In(Number(random, depth - 1), Enumerable.Range(0, random.Next(1, 4)).Select(_ => Number(random, random.Next(2))).ToArray()),
        6 => ExprFactory.If(Condition(random, depth - 1), Condition(random, depth - 1), Condition(random, depth - 1)),
        7 => ExprFactory.Binary(Comparisons[random.Next(6)], Number(random, depth - 1), Number(random, depth - 1)),
        8 => ExprFactory.Binary(BinaryOperator.And, Condition(random, depth - 1), Condition(random, depth - 1)),
        _ => ExprFactory.Binary(BinaryOperator.Or, Condition(random, depth - 1), Condition(random, depth - 1)),
    };

    private static Expr Number(Random random, int depth) => (depth <= 0 ? random.Next(3) : random.Next(7)) switch
    {
        0 => Sample.Of("long"),
        1 => Sample.Of("long_opt"),
        2 => Sample.Constant(ValueKind.Long, random.Next(4) == 0 ? null : random.NextInt64(-2, 3)),
        3 => ExprFactory.Binary(random.Next(2) == 0 ? BinaryOperator.Add : BinaryOperator.Multiply, Number(random, depth - 1), Number(random, depth - 1)),
        4 => ExprFactory.If(Condition(random, depth - 1), Number(random, depth - 1), Number(random, depth - 1)),
        5 => ExprFactory.Call(Function.Coalesce, Number(random, depth - 1), Number(random, depth - 1)),
        _ => ExprFactory.Call(Function.Abs, Number(random, depth - 1)),
    };

    private static object? Interpret(Expr expression, object e)
    {
        switch (expression)
        {
            case LiteralExpr l:
                return l.Value;
            case FieldExpr f:
                return Sample.Type.ClrType.GetField(f.Field.Name)!.GetValue(e);
            case UnaryExpr u:
                return Interpret(u.Operand, e) is bool known ? !known : null;
            case IsNullExpr n:
                return Interpret(n.Operand, e) is null;
            case InExpr i:
                return i.Items.Select(item => Apply(BinaryOperator.Equal, Interpret(i.Operand, e), Interpret(item, e))).Aggregate((a, b) => Or(a, b));
            case ConditionalExpr c:
                return Interpret(Interpret(c.Condition, e) is true ? c.Then : c.Else, e);
            case CallExpr { Function: Function.Coalesce } c:
                return c.Arguments.Select(a => Interpret(a, e)).FirstOrDefault(v => v is not null);
            case CallExpr c:
                return Interpret(c.Arguments[0], e) is long x ? Math.Abs(x) : null;
            case BinaryExpr b:
                return Apply(b.Operator, Interpret(b.Left, e), Interpret(b.Right, e));
            default:
                throw new InvalidOperationException(expression.GetType().Name);
        }
    }

    private static object? Apply(BinaryOperator op, object? left, object? right) => (op, left, right) switch
    {
        (BinaryOperator.Or, _, _) => Or(left, right),
        (BinaryOperator.And, _, _) => Or(Not(left), Not(right)) is bool either ? !either : null,
        (_, long a, long b) => op switch
        {
            BinaryOperator.Add => a + b,
            BinaryOperator.Multiply => a * b,
            BinaryOperator.Equal => a == b,
            BinaryOperator.NotEqual => a != b,
            BinaryOperator.Less => a < b,
            BinaryOperator.LessOrEqual => a <= b,
            BinaryOperator.Greater => a > b,
            _ => a >= b,
        },
        _ => null,
    };

    private static object? Or(object? a, object? b) => a is true || b is true ? true : a is null || b is null ? null : (object)false;

    private static object? Not(object? a) => a is bool known ? !known : null;
}
