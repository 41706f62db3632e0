namespace Cep.Events;

/// <summary>The names and types of an event type's fields as they were when events were written: what is needed to read them later.</summary>
/// <param name="Name">The event type's name.</param>
/// <param name="Fields">In the order in which their values are written.</param>
internal sealed record EventBinarySchema(string Name, IReadOnlyList<EventBinarySchema.Field> Fields)
{
    /// <summary>One field.</summary>
    internal readonly record struct Field(string Name, FieldType Type, bool IsOptional);

    /// <summary>The schema of a type as it is now.</summary>
    public static EventBinarySchema Of(EventType type) =>
        new(type.Name, type.Fields.Select(f => new Field(f.Name, f.Type, f.IsOptional)).ToArray());

    public void Write(EventBinaryOutput output)
    {
        output.String(Name);
        output.Unsigned((ulong)Fields.Count);
        foreach (var field in Fields)
        {
            output.String(field.Name);
            output.Byte((byte)field.Type);
            output.Bool(field.IsOptional);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no schema.</exception>
    public static EventBinarySchema Read(EventBinaryInput input)
    {
        var name = input.String();
        var fields = new Field[input.Number(input.Left / 3, "number of fields")];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = new Field(input.String(), (FieldType)input.Number((int)FieldType.Duration, "type of a field"), input.Bool());
        return new(name, fields);
    }
}
