namespace Cep.Engine.Checkpoints;

/// <summary>Names of objects in a <see cref="CheckpointStore"/>.</summary>
internal static class StoreName
{
    private const int MaxLength = 1024;

    /// <summary>Whether a text is a name: it then leads to no place outside its store, whatever the store is.</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= MaxLength && name.Split('/').All(IsPart);

    /// <exception cref="ArgumentException">The text is no name.</exception>
    public static void Check(string name)
    {
        if (!IsValid(name)) throw new ArgumentException($"'{name}' is no name of a stored object.", nameof(name));
    }

    private static bool IsPart(string part) => part.Length is > 0 and <= 255 && part[0] != '.' && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
