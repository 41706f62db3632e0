namespace Cep.Engine.State.Serializers;

/// <summary>Writes values of a state as bytes and reads them back, also where the type has changed since.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <remarks>
/// <see cref="StateSerializer.Of{T}"/> generates one for most types; derive from this class for others. A value is written when a snapshot is taken, by
/// the operator's thread. An instance may be used by several states and threads.
/// </remarks>
public abstract class StateSerializer<T>
{
    /// <summary>Describes the form of the bytes; kept in a snapshot beside the values, and given to <see cref="ReaderOf"/> when they are read.</summary>
    public abstract string Schema { get; }

    /// <summary>Writes a value. It takes one byte or more.</summary>
    public abstract void Write(T value, StateOutput output);

    /// <summary>Code that reads values written under another schema, or this one.</summary>
    /// <param name="writtenSchema">The <see cref="Schema"/> of the serializer that wrote them.</param>
    /// <param name="what">Names the state in messages, as <c>the value of state 'x'</c>.</param>
    /// <returns>It throws <see cref="InvalidDataException"/> where the bytes are no value.</returns>
    /// <exception cref="StateSchemaException">Values of that schema cannot be read; the message names state and field.</exception>
    public abstract Func<StateInput, T> ReaderOf(string writtenSchema, string what);
}

/// <summary>Makes serializers.</summary>
public static class StateSerializer
{
    /// <summary>Generates the serializer of a type. The code is compiled once; no reflection takes place for a value.</summary>
    /// <remarks>
    /// Types: the numbers, <c>bool</c>, <c>char</c>, <c>string</c>, <c>Guid</c>, <c>DateTime</c>, <c>DateTimeOffset</c>, <c>DateOnly</c>, <c>TimeSpan</c>,
    /// enumerations, nullable ones of these; arrays, <see cref="List{T}"/>, <see cref="HashSet{T}"/>, <see cref="Dictionary{TKey,TValue}"/>; tuples, records,
    /// classes and structs by their public properties and fields that can be set or are a parameter of the constructor. No subclass is kept as such.
    /// <para>A type may change between writing and reading: fields added (they have the value that the constructor or its parameter's default gives),
    /// removed or reordered; whole numbers and <c>float</c> made wider where every value stays exact; a value made nullable; members added to an
    /// enumeration; the class renamed. Any other change is refused.</para>
    /// </remarks>
    /// <exception cref="NotSupportedException">The type has a part of another kind; the message says which.</exception>
    public static StateSerializer<T> Of<T>() => Generated<T>.Instance ??= new GeneratedStateSerializer<T>(StateTypes.Of(typeof(T)));

    // Two threads may both make one: they are the same.
    private static class Generated<T>
    {
        public static GeneratedStateSerializer<T>? Instance { get; set; }
    }
}

/// <inheritdoc/>
internal sealed class GeneratedStateSerializer<T>(StateType type) : StateSerializer<T>
{
    private readonly Action<T, StateOutput> _write = StateWriterCode.Compile<T>();
    private Func<StateInput, T>? _readOwn;

    public override string Schema { get; } = type.ToString();

    public override void Write(T value, StateOutput output) => _write(value, output);

    public override Func<StateInput, T> ReaderOf(string writtenSchema, string what)
    {
        if (writtenSchema == Schema) return _readOwn ??= new StateReaderCode(what).Compile<T>(type, "");
        StateType written = StateTypeParser.Parse(writtenSchema)
            ?? throw new StateSchemaException($"{char.ToUpperInvariant(what[0])}{what[1..]} was written by a serializer of its own ('{writtenSchema}'), and there is none now.");
        return new StateReaderCode(what).Compile<T>(written, "");
    }
}
