using System.Linq.Expressions;
using System.Reflection;

namespace Cep.Engine.State.Serializers;

/// <summary>Compiles the code that writes values of a CLR type, once for each serializer.</summary>
internal static class StateWriterCode
{
    /// <summary>Code that writes a value.</summary>
    public static Action<T, StateOutput> Compile<T>()
    {
        ParameterExpression value = Expression.Parameter(typeof(T), "value");
        ParameterExpression output = Expression.Parameter(typeof(StateOutput), "output");
        return Expression.Lambda<Action<T, StateOutput>>(Write(value, output), value, output).Compile();
    }

    private static Expression Write(Expression value, ParameterExpression output)
    {
        Type type = value.Type;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return WriteOptional(value, output, v => Expression.Property(v, "HasValue"), v => Write(Expression.Convert(v, underlying), output));
        if (StateScalar.Of(type) is { } scalar) return Expression.Call(output, scalar.Form, null, ToForm(value, scalar));
        if (type.IsEnum) return Expression.Call(output, nameof(StateOutput.Long), null, Expression.Convert(value, typeof(long)));
        if (StateTypes.ElementOf(type) is { } element) return WriteList(value, output, element);
        if (StateTypes.IsMap(type)) return WriteMap(value, output, type.GetGenericArguments());
        return type.IsValueType
            ? WriteOnce(value, v => WriteMembers(v, output))
            : WriteOptional(value, output, v => Expression.ReferenceNotEqual(v, Expression.Constant(null)), v => WriteMembers(v, output));
    }

    private static Expression ToForm(Expression value, StateScalar scalar)
    {
        if (value.Type == typeof(TimeSpan)) return Expression.Property(value, nameof(TimeSpan.Ticks));
        if (value.Type == typeof(DateOnly)) return Expression.Convert(Expression.Property(value, nameof(DateOnly.DayNumber)), typeof(long));
        return value.Type == scalar.FormType ? value : Expression.Convert(value, scalar.FormType);
    }

    private static BlockExpression WriteOptional(
        Expression value, ParameterExpression output, Func<Expression, Expression> isThere, Func<Expression, Expression> write) =>
        WriteOnce(value, v => Expression.Block(
            Expression.Call(output, nameof(StateOutput.Bool), null, isThere(v)),
            Expression.IfThen(isThere(v), write(v))));

    /// <summary>Evaluates a value once, however often the code uses it.</summary>
    private static BlockExpression WriteOnce(Expression value, Func<ParameterExpression, Expression> write)
    {
        ParameterExpression once = Expression.Variable(value.Type);
        return Expression.Block([once], Expression.Assign(once, value), write(once));
    }

    private static BlockExpression WriteMembers(Expression value, ParameterExpression output) =>
        Expression.Block(StateClass.Of(value.Type, out _)!.Members.Select(m => Write(Expression.MakeMemberAccess(value, m), output)));

    private static MethodCallExpression WriteList(Expression value, ParameterExpression output, Type element)
    {
        if (value.Type == typeof(double[])) return Expression.Call(output, nameof(StateOutput.Doubles), null, value);
        string name = value.Type.IsSZArray ? nameof(Array) : value.Type.GetGenericTypeDefinition() == typeof(List<>) ? nameof(List) : nameof(Set);
        return Expression.Call(typeof(StateWriterCode), name, [element], value, output, Delegate(element));
    }

    private static MethodCallExpression WriteMap(Expression value, ParameterExpression output, Type[] arguments) =>
        Expression.Call(typeof(StateWriterCode), nameof(Map), arguments, value, output, Delegate(arguments[0]), Delegate(arguments[1]));

    private static ConstantExpression Delegate(Type type) => Expression.Constant(
        typeof(StateWriterCode).GetMethod(nameof(Compile))!.MakeGenericMethod(type).Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null));

    private static void Array<T>(T[]? values, StateOutput output, Action<T, StateOutput> write)
    {
        output.Count(values?.Length ?? -1);
        foreach (T value in values ?? []) write(value, output);
    }

    private static void List<T>(List<T>? values, StateOutput output, Action<T, StateOutput> write)
    {
        output.Count(values?.Count ?? -1);
        if (values is null) return;
        foreach (T value in values) write(value, output);
    }

    private static void Set<T>(HashSet<T>? values, StateOutput output, Action<T, StateOutput> write)
    {
        output.Count(values?.Count ?? -1);
        if (values is null) return;
        foreach (T value in values) write(value, output);
    }

    private static void Map<TKey, TValue>(
        Dictionary<TKey, TValue>? values, StateOutput output, Action<TKey, StateOutput> writeKey, Action<TValue, StateOutput> writeValue)
        where TKey : notnull
    {
        output.Count(values?.Count ?? -1);
        if (values is null) return;
        foreach ((TKey key, TValue value) in values)
        {
            writeKey(key, output);
            writeValue(value, output);
        }
    }
}
