namespace Cep.Engine.State.Serializers;

/// <summary>A type without parts: its name in a schema text, its CLR type, and the method of <see cref="StateOutput"/> and <see cref="StateInput"/> for it.</summary>
/// <param name="Name">The name in a schema text.</param>
/// <param name="ClrType">The type of its values.</param>
/// <param name="Form">The method that writes it; the method of that name reads it.</param>
/// <param name="FormType">The type that the method takes and gives.</param>
/// <param name="Bits">Of a whole number its bits without the sign; else 0.</param>
/// <param name="IsSigned">Whether it is a whole number that can be negative.</param>
internal sealed record StateScalar(string Name, Type ClrType, string Form, Type FormType, int Bits = 0, bool IsSigned = false)
{
    private static readonly StateScalar[] All =
    [
        new("bool", typeof(bool), "Bool", typeof(bool)),
        new("byte", typeof(byte), "Unsigned", typeof(ulong), 8),
        new("ushort", typeof(ushort), "Unsigned", typeof(ulong), 16),
        new("uint", typeof(uint), "Unsigned", typeof(ulong), 32),
        new("ulong", typeof(ulong), "Unsigned", typeof(ulong), 64),
        new("sbyte", typeof(sbyte), "Long", typeof(long), 7, IsSigned: true),
        new("short", typeof(short), "Long", typeof(long), 15, IsSigned: true),
        new("int", typeof(int), "Long", typeof(long), 31, IsSigned: true),
        new("long", typeof(long), "Long", typeof(long), 63, IsSigned: true),
        new("char", typeof(char), "Unsigned", typeof(ulong)),
        new("float", typeof(float), "Float", typeof(float)),
        new("double", typeof(double), "Double", typeof(double)),
        new("decimal", typeof(decimal), "Decimal", typeof(decimal)),
        new("string", typeof(string), "String", typeof(string)),
        new("bytes", typeof(byte[]), "Bytes", typeof(byte[])),
        new("guid", typeof(Guid), "Guid", typeof(Guid)),
        new("datetime", typeof(DateTime), "DateTime", typeof(DateTime)),
        new("datetimeoffset", typeof(DateTimeOffset), "DateTimeOffset", typeof(DateTimeOffset)),
        new("timespan", typeof(TimeSpan), "Long", typeof(long)),
        new("dateonly", typeof(DateOnly), "Long", typeof(long)),
    ];

    private static readonly Dictionary<Type, StateScalar> ByType = All.ToDictionary(s => s.ClrType);
    private static readonly Dictionary<string, StateScalar> ByName = All.ToDictionary(s => s.Name);

    public static StateScalar? Of(Type type) => ByType.GetValueOrDefault(type);

    public static StateScalar? Named(string name) => ByName.GetValueOrDefault(name);

    public bool IsInteger => Bits > 0;

    /// <summary>Whether every value of this type is one of the other, exactly.</summary>
    public bool Widens(StateScalar to)
    {
        if (this == to) return true;
        if (IsInteger && to.IsInteger) return Bits <= to.Bits && (!IsSigned || to.IsSigned);
        return to.Name switch
        {
            "float" => IsInteger && Bits <= 24,
            "double" => Name == "float" || (IsInteger && Bits <= 53),
            "decimal" => IsInteger,
            _ => false,
        };
    }

    public void Skip(StateInput input)
    {
        switch (Form)
        {
            case "Bool": input.Bool(); break;
            case "Unsigned": input.Unsigned(); break;
            case "Long": input.Long(); break;
            case "Float": input.Raw(4); break;
            case "Double": input.Raw(8); break;
            case "Decimal" or "Guid": input.Raw(16); break;
            case "String": input.String(); break;
            case "Bytes": input.Raw(Math.Max(0, input.Count())); break;
            case "DateTime": input.DateTime(); break;
            case "DateTimeOffset": input.DateTimeOffset(); break;
            default: throw new InvalidOperationException($"The form {Form} cannot be passed over.");
        }
    }
}
