using System.Linq.Expressions;
using System.Reflection;

namespace Cep.Engine.State.Serializers;

/// <summary>Compiles the code that reads values of one CLR type as they lie in a snapshot, also where the type has changed since.</summary>
/// <param name="what">Names the state in messages.</param>
internal sealed class StateReaderCode(string what)
{
    private readonly ParameterExpression _input = Expression.Parameter(typeof(StateInput), "input");

    /// <summary>Code that reads a value.</summary>
    /// <param name="written">The type that the values were written with.</param>
    /// <param name="path">Names the value in messages; empty for the whole.</param>
    /// <exception cref="StateSchemaException">The type has changed in a way that is not allowed.</exception>
    public Func<StateInput, T> Compile<T>(StateType written, string path) =>
        Expression.Lambda<Func<StateInput, T>>(Read(written, typeof(T), path), _input).Compile();

    private Expression Read(StateType written, Type type, string path)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return written is StateType.Optional(var inner) ? ReadOptional(inner, underlying, type, path) : Expression.Convert(Read(written, underlying, path), type);
        if (StateTypes.IsOptional(type))
            return written is StateType.Optional(var inner) ? ReadOptional(inner, type, type, path) : ReadMembers(written, type, path);
        return (written, StateScalar.Of(type)) switch
        {
            (StateType.Scalar(var was), { } now) when was.Widens(now) => ReadScalar(was, now),
            (StateType.Enumeration was, null) when type.IsEnum => ReadEnumeration(was, type, path),
            (StateType.List(var element), null) when StateTypes.ElementOf(type) is { } now => ReadList(element, type, now, path),
            (StateType.Map map, null) when StateTypes.IsMap(type) => ReadMap(map, type.GetGenericArguments(), path),
            (StateType.Object, null) when type.IsValueType && !type.IsEnum => ReadMembers(written, type, path),
            _ => throw Changed(written, type, path),
        };
    }

    private ConditionalExpression ReadOptional(StateType inner, Type underlying, Type type, string path)
    {
        Expression read = underlying == type ? ReadMembers(inner, type, path) : Read(inner, underlying, path);
        return Expression.Condition(Expression.Call(_input, nameof(StateInput.Bool), null), Expression.Convert(read, type), Expression.Default(type));
    }

    private Expression ReadScalar(StateScalar was, StateScalar now)
    {
        Expression read = was.IsInteger && was.Bits < 63 ? ReadInteger(was)
            : was.ClrType == typeof(char) ? Expression.Call(_input, nameof(StateInput.Unsigned), null, Expression.Constant((ulong)char.MaxValue))
            : was.ClrType == typeof(DateOnly) ? ReadLong(DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber)
            : Expression.Call(_input, was.Form, null);
        if (was.ClrType == typeof(TimeSpan)) return Expression.Call(typeof(TimeSpan), nameof(TimeSpan.FromTicks), null, read);
        if (was.ClrType == typeof(DateOnly)) return Expression.Call(typeof(DateOnly), nameof(DateOnly.FromDayNumber), null, Expression.Convert(read, typeof(int)));
        return read.Type == now.ClrType ? read : Expression.Convert(read, now.ClrType);
    }

    private MethodCallExpression ReadInteger(StateScalar was)
    {
        long max = (1L << was.Bits) - 1;
        return was.IsSigned ? ReadLong(-max - 1, max) : Expression.Call(_input, nameof(StateInput.Unsigned), null, Expression.Constant((ulong)max));
    }

    private MethodCallExpression ReadLong(long min, long max) =>
        Expression.Call(_input, nameof(StateInput.Long), null, Expression.Constant(min), Expression.Constant(max));

    private UnaryExpression ReadEnumeration(StateType.Enumeration was, Type type, string path)
    {
        (string Name, long Number)[] now = [.. StateTypes.EnumerationOf(type).Members];
        foreach ((string Name, long Number) member in was.Members.Where(m => !now.Contains(m)))
            throw Refused(path, $"is of the enumeration `{type.Name}`, whose member `{member.Name}` was {member.Number} when it was written and is not any more");
        return Expression.Convert(Expression.Call(_input, nameof(StateInput.Long), null), type);
    }

    private MethodCallExpression ReadList(StateType written, Type type, Type element, string path)
    {
        if (type == typeof(double[]) && written is StateType.Scalar(var scalar) && scalar.ClrType == typeof(double))
            return Expression.Call(_input, nameof(StateInput.Doubles), null);
        string name = type.IsSZArray ? nameof(Array) : type.GetGenericTypeDefinition() == typeof(List<>) ? nameof(List) : nameof(Set);
        return Expression.Call(typeof(StateReaderCode), name, [element], _input, Delegate(written, element, path + "[]"));
    }

    private MethodCallExpression ReadMap(StateType.Map written, Type[] arguments, string path) => Expression.Call(
        typeof(StateReaderCode), nameof(Map), arguments, _input, Delegate(written.Key, arguments[0], path + "[key]"), Delegate(written.Value, arguments[1], path + "[]"));

    private ConstantExpression Delegate(StateType written, Type type, string path) => Expression.Constant(
        typeof(StateReaderCode).GetMethod(nameof(Compile))!.MakeGenericMethod(type)
            .Invoke(this, BindingFlags.DoNotWrapExceptions, null, [written, path], null));

    /// <summary>Reads the fields in the order in which they were written, then makes the instance of them.</summary>
    private BlockExpression ReadMembers(StateType written, Type type, string path)
    {
        if (written is not StateType.Object(var fields)) throw Changed(written, type, path);
        StateClass shape = StateClass.Of(type, out _)!;
        var values = new ParameterExpression?[shape.Members.Count];
        var body = new List<Expression>();
        foreach ((string name, StateType field) in fields)
        {
            int at = shape.Members.ToList().FindIndex(m => m.Name == name);
            if (at < 0)
            {
                body.Add(Expression.Call(Expression.Constant(field), nameof(StateType.Skip), null, _input));
                continue;
            }

            values[at] = Expression.Variable(StateClass.TypeOf(shape.Members[at]), name);
            body.Add(Expression.Assign(values[at]!, Read(field, values[at]!.Type, path.Length == 0 ? name : $"{path}.{name}")));
        }

        body.Add(Make(shape, type, values));
        return Expression.Block(values.OfType<ParameterExpression>(), body);
    }

    private static MemberInitExpression Make(StateClass shape, Type type, ParameterExpression?[] values)
    {
        ParameterInfo[] parameters = shape.Constructor?.GetParameters() ?? [];
        var arguments = parameters.Select((p, i) => values[shape.ParameterOf[i]] ?? DefaultOf(p));
        NewExpression made = shape.Constructor is null ? Expression.New(type) : Expression.New(shape.Constructor, arguments);
        var bindings = shape.Members.Index()
            .Where(m => values[m.Index] is not null && !shape.ParameterOf.Contains(m.Index))
            .Select(m => Expression.Bind(m.Item, values[m.Index]!));
        return Expression.MemberInit(made, bindings);
    }

    private static Expression DefaultOf(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (!parameter.HasDefaultValue || parameter.DefaultValue is null) return Expression.Default(type);
        object value = parameter.DefaultValue;
        Type underlying = Nullable.GetUnderlyingType(type) ?? type;
        if (underlying.IsEnum && value.GetType() != underlying) value = Enum.ToObject(underlying, value);
        return Expression.Convert(Expression.Constant(value), type);
    }

    private StateSchemaException Changed(StateType written, Type type, string path)
    {
        string now;
        try
        {
            now = StateTypes.Of(type).ToString();
        }
        catch (NotSupportedException)
        {
            now = type.Name;
        }

        return Refused(path, $"was written as {written} and is {now} now");
    }

    private StateSchemaException Refused(string path, string why) =>
        new($"{(path.Length == 0 ? char.ToUpperInvariant(what[0]) + what[1..] : $"The field `{path}` of {what}")} {why}.");

    private static T[]? Array<T>(StateInput input, Func<StateInput, T> read)
    {
        int count = input.Count();
        if (count < 0) return null;
        var values = new T[count];
        for (int i = 0; i < count; i++) values[i] = read(input);
        return values;
    }

    private static List<T>? List<T>(StateInput input, Func<StateInput, T> read)
    {
        int count = input.Count();
        if (count < 0) return null;
        var values = new List<T>(count);
        for (int i = 0; i < count; i++) values.Add(read(input));
        return values;
    }

    private static HashSet<T>? Set<T>(StateInput input, Func<StateInput, T> read)
    {
        int count = input.Count();
        if (count < 0) return null;
        var values = new HashSet<T>(count);
        for (int i = 0; i < count; i++) values.Add(read(input));
        return values;
    }

    private static Dictionary<TKey, TValue>? Map<TKey, TValue>(StateInput input, Func<StateInput, TKey> readKey, Func<StateInput, TValue> readValue)
        where TKey : notnull
    {
        int count = input.Count();
        if (count < 0) return null;
        var values = new Dictionary<TKey, TValue>(count);
        for (int i = 0; i < count; i++)
        {
            TKey key = readKey(input);
            if (key is null) throw new InvalidDataException($"The key before byte {input.Position} is null.");
            if (!values.TryAdd(key, readValue(input))) throw new InvalidDataException($"The key before byte {input.Position} is there twice.");
        }

        return values;
    }
}
