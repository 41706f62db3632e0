using System.Linq.Expressions;

namespace Cep.Events;

/// <summary>Writes events of a type as bytes, by compiled code: which optional fields are null, then the values of the others in order.</summary>
/// <remarks>A value is written in the form of its field's kind: of an enumeration the name, of a time whole milliseconds. Thread-safe.</remarks>
internal sealed class EventBinaryWriter
{
    private readonly Action<EventBinaryOutput, object> _write;

    public EventBinaryWriter(EventType type)
    {
        Type = type;
        _write = Compile(type);
    }

    /// <summary>The type of the events.</summary>
    public EventType Type { get; }

    /// <summary>Writes an event.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="value">An instance of the type's class.</param>
    public void Write(EventBinaryOutput output, object value) => _write(output, value);

    private static Action<EventBinaryOutput, object> Compile(EventType type)
    {
        var output = Expression.Parameter(typeof(EventBinaryOutput), "output");
        var value = Expression.Parameter(typeof(object), "value");
        var instance = Expression.Variable(type.ClrType, "instance");
        var body = new List<Expression> { Expression.Assign(instance, Expression.Convert(value, type.ClrType)) };
        var optional = type.Fields.Where(f => f.IsOptional).ToArray();
        foreach (var eight in optional.Chunk(8))
            body.Add(Call(output, nameof(EventBinaryOutput.Byte), Expression.Convert(Nulls(eight, instance), typeof(byte))));
        foreach (var field in type.Fields)
        {
            var read = field.Read(instance);
            body.Add(field.IsOptional
                ? Expression.IfThen(Expression.Not(IsNull(read)), WriteValue(output, field, read))
                : WriteValue(output, field, read));
        }
        return Expression.Lambda<Action<EventBinaryOutput, object>>(Expression.Block([instance], body), output, value).Compile();
    }

    private static Expression Nulls(EventField[] eight, Expression instance) => eight
        .Select((f, i) => (Expression)Expression.Condition(IsNull(f.Read(instance)), Expression.Constant(1 << i), Expression.Constant(0)))
        .Aggregate(Expression.Or);

    private static Expression IsNull(Expression read) => Nullable.GetUnderlyingType(read.Type) is null
        ? Expression.ReferenceEqual(read, Expression.Constant(null))
        : Expression.Not(Expression.Property(read, "HasValue"));

    private static Expression WriteValue(Expression output, EventField field, Expression read)
    {
        var value = Nullable.GetUnderlyingType(read.Type) is null ? read : Expression.Property(read, "Value");
        return Call(output, EventBinaryReader.Form(field.Type), value);
    }

    private static Expression Call(Expression output, string method, Expression value) => Expression.Call(output, method, null, value);
}
