namespace Cep.Engine.State.Serializers;

/// <summary>State of a snapshot cannot be read by the program as it is now: a type has changed in a way that is none of those allowed.</summary>
/// <param name="message">A sentence that names the state, the type and the field.</param>
public sealed class StateSchemaException(string message) : Exception(message);
