namespace Cep.Language.Text;

/// <summary>A stretch of a file: the index of its first character and its length, both in UTF-16 code units.</summary>
/// <param name="Start">Index of the first character, from 0.</param>
/// <param name="Length">Number of characters; 0 is a place between two characters.</param>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>Index of the first character after the span.</summary>
    public int End => Start + Length;

    /// <summary>The span from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    public static TextSpan FromBounds(int start, int end) => new(start, end - start);

    /// <summary>The smallest span that holds this one and <paramref name="other"/>.</summary>
    public TextSpan To(TextSpan other) => FromBounds(Math.Min(Start, other.Start), Math.Max(End, other.End));
}
