using System.Linq.Expressions;

namespace Cep.Events;

/// <summary>Makes events of a type from values that are at hand, such as those of a test.</summary>
/// <remarks>Safe to share between threads.</remarks>
internal sealed class EventBuilder
{
    private readonly Func<object?[], object> _build;

    /// <summary>Compiles the building of one type, whose class must have a constructor without parameters and fields that can be set.</summary>
    public EventBuilder(EventType type)
    {
        var values = Expression.Parameter(typeof(object?[]), "values");
        var e = Expression.Variable(type.ClrType, "e");
        var body = type.Fields.Select(f => Assign(f, e, Expression.ArrayIndex(values, Expression.Constant(f.Index))))
            .Prepend(Expression.Assign(e, Expression.New(type.ClrType)))
            .Append(e);
        _build = Expression.Lambda<Func<object?[], object>>(Expression.Block([e], body), values).Compile();
    }

    /// <summary>Makes an event.</summary>
    /// <param name="values">The values of the fields in order of declaration, each in the CLR type of its kind, or null for what the member is by itself.</param>
    public object Build(IEnumerable<object?> values) => _build([.. values]);

    private static Expression Assign(EventField field, Expression e, Expression value)
    {
        var member = Expression.MakeMemberAccess(e, field.Member);
        var converted = FieldConversion.FromKind(Expression.Convert(value, Conditions.ValueKinds.ClrType(field.Kind)), member.Type);
        return Expression.IfThen(Expression.ReferenceNotEqual(value, Expression.Constant(null)), Expression.Assign(member, converted));
    }
}
