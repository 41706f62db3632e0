using System.Reflection;
using System.Runtime.CompilerServices;

namespace Cep.Tidy;

/// <summary>What an assembly offers to others: a line for each public or protected member, in order.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Of(Assembly assembly) =>
        assembly.GetExportedTypes().SelectMany(t => MembersOf(t).Select(m => $"{Name(t, isFull: true)}.{m}").Prepend(Header(t))).Order(StringComparer.Ordinal).ToArray();

    private static string Header(Type t)
    {
        var kind = t.IsEnum ? "enum" : t.IsInterface ? "interface" : t.IsValueType ? "struct" : t.IsSubclassOf(typeof(Delegate)) ? "delegate"
            : t.IsAbstract ? (t.IsSealed ? "static class" : "abstract class") : t.IsSealed ? "sealed class" : "class";
        var bases = t.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) && b != typeof(MulticastDelegate) ? " : " + Name(b) : "";
        return $"{Name(t, isFull: true)} {kind}{bases}";
    }

    private static IEnumerable<string> MembersOf(Type type) => type.GetMembers(Declared).Where(m => !m.IsDefined(typeof(CompilerGeneratedAttribute))).Select(m => m switch
    {
        _ when type.IsEnum => m is FieldInfo { IsLiteral: true } f ? $"{f.Name} = {f.GetRawConstantValue()}" : null,
        _ when type.IsSubclassOf(typeof(Delegate)) => m is MethodInfo { Name: "Invoke" } invoke ? Method(invoke, invoke.Name) : null,
        FieldInfo f => IsOffered(f.Attributes) ? $"{f.Name}{(f.IsInitOnly || f.IsLiteral ? " readonly" : "")} : {Name(f.FieldType)}" : null,
        ConstructorInfo c => IsOffered(c) ? Parameters("new", c) : null,
        PropertyInfo p => Property(p),
        EventInfo e => IsOffered(e.AddMethod) ? $"event {e.Name} : {Name(e.EventHandlerType!)}" : null,
        MethodInfo { IsSpecialName: true } accessor when !accessor.Name.StartsWith("op_", StringComparison.Ordinal) => null,
        MethodInfo method => IsOffered(method) ? Method(method, method.Name) : null,
        _ => null,
    }).OfType<string>();

    private static string? Property(PropertyInfo p)
    {
        var accessors = new[] { IsOffered(p.GetMethod) ? "get" : null, IsOffered(p.SetMethod) ? IsInit(p) ? "init" : "set" : null }.OfType<string>().ToArray();
        if (accessors.Length == 0)
            return null;
        var index = p.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";
        return $"{(p.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "")}{p.Name}{index} {{ {string.Join("; ", accessors)} }} : {Name(p.PropertyType)}";
    }

    private static bool IsInit(PropertyInfo p) => p.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Method(MethodInfo m, string name)
    {
        var generic = m.IsGenericMethodDefinition ? $"<{string.Join(", ", m.GetGenericArguments().Select(Name))}>" : "";
        return $"{Parameters(name + generic, m)} : {Name(m.ReturnType)}";
    }

    private static string Parameters(string name, MethodBase m) => $"{(m.IsStatic ? "static " : "")}{name}({string.Join(", ", m.GetParameters().Select(Parameter))})";

    private static string Parameter(ParameterInfo p) =>
        $"{(p.IsOut ? "out " : p.ParameterType.IsByRef ? "ref " : "")}{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = " + (p.DefaultValue ?? "default") : "")}";

    private static bool IsOffered(MethodBase? m) => m is not null && (m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly);

    private static bool IsOffered(FieldAttributes a) => (a & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static string Name(Type t) => Name(t, isFull: false);

    private static string Name(Type t, bool isFull)
    {
        if (t.IsByRef)
            return Name(t.GetElementType()!);
        if (t.IsArray)
            return Name(t.GetElementType()!) + "[]";
        var scope = t.IsGenericParameter ? "" : t.IsNested ? Name(t.DeclaringType!, isFull) + "." : isFull ? t.Namespace + "." : "";
        var simple = t.Name.Split('`')[0];
        return scope + (t.IsGenericType ? $"{simple}<{string.Join(", ", t.GetGenericArguments().Select(Name))}>" : simple);
    }
}
