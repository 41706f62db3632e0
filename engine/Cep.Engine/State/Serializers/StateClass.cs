using System.Reflection;

namespace Cep.Engine.State.Serializers;

/// <summary>What of a record, class or struct is kept in state, and how an instance is made again.</summary>
/// <param name="Members">The public properties, and fields, that can be set or are a parameter of the constructor; base classes first, as declared.</param>
/// <param name="Constructor">The constructor to call; null for a struct that needs none.</param>
/// <param name="ParameterOf">By parameter of the constructor, its member's place.</param>
internal sealed record StateClass(IReadOnlyList<MemberInfo> Members, ConstructorInfo? Constructor, IReadOnlyList<int> ParameterOf)
{
    public static Type TypeOf(MemberInfo member) => member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    public static bool CanSet(MemberInfo member) =>
        member is PropertyInfo property ? property.SetMethod is { IsPublic: true } : !((FieldInfo)member).IsInitOnly;

    /// <summary>The shape of a type, or what is wrong with it, a sentence's end.</summary>
    public static StateClass? Of(Type type, out string? wrong)
    {
        MemberInfo[] all = [.. Readable(type)];
        ConstructorInfo? constructor = Choose(type, all);
        wrong = type.IsAbstract || type.IsInterface ? "is abstract, so it cannot be made again"
            : constructor is null && !type.IsValueType ? "has no public constructor without parameters, and not exactly one with parameters that are all named and typed as its members"
            : null;
        if (wrong is not null) return null;
        string[] parameters = constructor?.GetParameters().Select(p => p.Name!).ToArray() ?? [];
        MemberInfo[] members = [.. all.Where(m => CanSet(m) || parameters.Any(p => IsNamed(m, p)))];
        if (members.Length == 0) wrong = "has no public field or property that can be set";
        return wrong is not null ? null : new StateClass(members, constructor, [.. parameters.Select(p => Array.FindIndex(members, m => IsNamed(m, p)))]);
    }

    private static IEnumerable<MemberInfo> Readable(Type type)
    {
        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
        var chain = new Stack<Type>();
        for (Type? t = type; t is not null && t != typeof(object) && t != typeof(ValueType); t = t.BaseType) chain.Push(t);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (MemberInfo member in chain.SelectMany(t => t.GetMembers(Declared)).OrderBy(m => chain.ToList().IndexOf(m.DeclaringType!)).ThenBy(m => m.MetadataToken))
        {
            bool isReadable = member is FieldInfo || (member is PropertyInfo { GetMethod.IsPublic: true } property && property.GetIndexParameters().Length == 0);
            if (isReadable && seen.Add(member.Name)) yield return member;
        }
    }

    /// <summary>The constructor without parameters; else, and first for a struct, the only one whose parameters are all members.</summary>
    private static ConstructorInfo? Choose(Type type, MemberInfo[] members)
    {
        ConstructorInfo[] constructors = type.GetConstructors();
        ConstructorInfo[] binding = [.. constructors.Where(c => c.GetParameters() is { Length: > 0 } parameters && parameters.All(p => IsMember(p, members)))];
        ConstructorInfo? single = binding.Length == 1 ? binding[0] : null;
        ConstructorInfo? plain = type.GetConstructor(Type.EmptyTypes);
        return type.IsValueType ? single ?? plain : plain ?? single;
    }

    private static bool IsMember(ParameterInfo parameter, MemberInfo[] members) =>
        members.Any(m => IsNamed(m, parameter.Name!) && TypeOf(m) == parameter.ParameterType);

    private static bool IsNamed(MemberInfo member, string parameter) => string.Equals(member.Name, parameter, StringComparison.OrdinalIgnoreCase);
}
