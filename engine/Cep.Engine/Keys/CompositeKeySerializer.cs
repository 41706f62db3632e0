using Cep.Engine.State.Serializers;

namespace Cep.Engine.Keys;

/// <summary>Writes a key with whole numbers before it, such as the time of a timer, in the form of a record with those fields.</summary>
/// <typeparam name="TKey">The type of the inner key.</typeparam>
/// <typeparam name="T">The type of the whole.</typeparam>
internal sealed class CompositeKeySerializer<TKey, T>(
    StateSerializer<TKey> keys, string fields, Func<T, TKey> keyOf, Action<T, StateOutput> write, Func<StateInput, Func<StateInput, TKey>, T> read)
    : StateSerializer<T>
{
    private readonly string _before = $"{{{fields},Key:";

    public override string Schema => $"{_before}{keys.Schema}}}";

    public override void Write(T value, StateOutput output)
    {
        write(value, output);
        keys.Write(keyOf(value), output);
    }

    public override Func<StateInput, T> ReaderOf(string writtenSchema, string what)
    {
        if (!writtenSchema.StartsWith(_before, StringComparison.Ordinal) || !writtenSchema.EndsWith('}'))
            throw new StateSchemaException($"{char.ToUpperInvariant(what[0])}{what[1..]} was written as {writtenSchema} and is {Schema} now.");
        Func<StateInput, TKey> readKey = keys.ReaderOf(writtenSchema[_before.Length..^1], what);
        return input => read(input, readKey);
    }
}
