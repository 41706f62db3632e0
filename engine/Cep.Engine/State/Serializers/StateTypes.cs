namespace Cep.Engine.State.Serializers;

/// <summary>How values of a CLR type lie in a snapshot.</summary>
internal static class StateTypes
{
    /// <summary>The type of a CLR type's values.</summary>
    /// <exception cref="NotSupportedException">Values of the type cannot be kept in state; the message says which part and why.</exception>
    public static StateType Of(Type type) => Of(type, type.Name, []);

    /// <summary>The element type of an array, <see cref="List{T}"/> or <see cref="HashSet{T}"/>.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsSZArray ? type.GetElementType() : IsGeneric(type, typeof(List<>)) || IsGeneric(type, typeof(HashSet<>)) ? type.GetGenericArguments()[0] : null;

    public static bool IsMap(Type type) => IsGeneric(type, typeof(Dictionary<,>));

    /// <summary>Whether values are written with a byte before them that says whether there is one.</summary>
    public static bool IsOptional(Type type) =>
        Nullable.GetUnderlyingType(type) is not null || (!type.IsValueType && StateScalar.Of(type) is null && ElementOf(type) is null && !IsMap(type));

    public static StateType.Enumeration EnumerationOf(Type type) =>
        new([.. Enum.GetNames(type).Select(name => (name, NumberOf(Enum.Parse(type, name))))]);

    private static StateType Of(Type type, string path, Type[] within)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return new StateType.Optional(Of(underlying, path, within));
        if (StateScalar.Of(type) is { } scalar) return new StateType.Scalar(scalar);
        if (type.IsEnum) return EnumerationOf(type);
        if (ElementOf(type) is { } element) return new StateType.List(Of(element, path + "[]", within));
        if (!IsMap(type)) return ObjectOf(type, path, within);
        Type[] arguments = type.GetGenericArguments();
        return new StateType.Map(Of(arguments[0], path + "[key]", within), Of(arguments[1], path + "[]", within));
    }

    private static StateType ObjectOf(Type type, string path, Type[] within)
    {
        if (within.Contains(type)) throw Refusal(type, path, "contains itself");
        if (type.Namespace is "System" && !type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) || type.IsPointer || type.IsByRefLike
            || typeof(Delegate).IsAssignableFrom(type) || typeof(System.Collections.IEnumerable).IsAssignableFrom(type))
            throw Refusal(type, path, "is of no kind that has a serializer");
        StateClass shape = StateClass.Of(type, out string? wrong) ?? throw Refusal(type, path, wrong!);
        var fields = shape.Members.Select(m => (m.Name, Of(StateClass.TypeOf(m), $"{path}.{m.Name}", [.. within, type]))).ToArray();
        var made = new StateType.Object(fields);
        return type.IsValueType ? made : new StateType.Optional(made);
    }

    private static NotSupportedException Refusal(Type type, string path, string wrong) =>
        new($"`{path}` cannot be kept in state: the type `{type.Name}` {wrong}. Give the state a StateSerializer of your own, or keep other values.");

    private static long NumberOf(object member) =>
        Enum.GetUnderlyingType(member.GetType()) == typeof(ulong) ? unchecked((long)Convert.ToUInt64(member)) : Convert.ToInt64(member);

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;
}
