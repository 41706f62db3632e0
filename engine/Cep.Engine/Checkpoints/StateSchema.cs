namespace Cep.Engine.Checkpoints;

/// <summary>What a snapshot says of one state of an operator, so that it can be read by another version of the program.</summary>
/// <param name="Name">The state's name, unique within its operator.</param>
/// <param name="Kind">How entries are to be understood: <c>value</c>, <c>list</c>, <c>map</c>, <c>reducing</c>, <c>timers</c>, <c>operator</c>, or a word that the operator alone knows.</param>
/// <param name="Key">The schema of the keys, as the serializer that wrote them tells it; empty when there are none.</param>
/// <param name="Value">The schema of the values, as the serializer that wrote them tells it.</param>
public sealed record StateSchema(string Name, string Kind, string Key, string Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Kind})";
}
