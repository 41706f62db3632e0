using System.Linq.Expressions;

namespace Cep.Events;

/// <summary>Compiled access to the values of a key, without boxing.</summary>
internal static class KeyExpression
{
    /// <summary>
    /// Reads the key fields of the event <paramref name="e"/>; an expression that is false when one of them is null, else assigns what
    /// <paramref name="make"/> makes of their values to <paramref name="result"/> and is true.
    /// </summary>
    /// <param name="fields">The key fields in order; none for the key that all events share.</param>
    /// <param name="e">The event, as <see cref="object"/>.</param>
    /// <param name="result">An <c>out</c> parameter.</param>
    /// <param name="make">Makes the result of the values, which are of the CLR types of their kinds and not null.</param>
    public static Expression Read(
        IReadOnlyList<EventField> fields, Expression e, ParameterExpression result, Func<IReadOnlyList<Expression>, Expression> make)
    {
        var reads = fields.Select(f => f.Read(Expression.Convert(e, f.Member.DeclaringType!))).ToArray();
        var variables = reads.Select(r => Expression.Variable(r.Type)).ToArray();
        var known = variables.Select(v => Nullable.GetUnderlyingType(v.Type) is null ? (Expression)v : Expression.Property(v, "Value")).ToArray();
        var isNull = variables.Select(IsNull).OfType<Expression>().ToList();

        Expression body = Expression.Block(Expression.Assign(result, make(known)), Expression.Constant(true));
        if (isNull.Count > 0)
        {
            var nothing = Expression.Block(Expression.Assign(result, Expression.Default(result.Type)), Expression.Constant(false));
            body = Expression.Condition(isNull.Aggregate(Expression.OrElse), nothing, body);
        }
        return Expression.Block(variables, variables.Zip(reads, Expression.Assign).Append(body));
    }

    private static Expression? IsNull(ParameterExpression value)
    {
        if (value.Type == typeof(string))
            return Expression.ReferenceEqual(value, Expression.Constant(null));
        return Nullable.GetUnderlyingType(value.Type) is null ? null : Expression.Not(Expression.Property(value, "HasValue"));
    }
}
