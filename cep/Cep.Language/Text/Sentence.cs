namespace Cep.Language.Text;

/// <summary>Small things about wording.</summary>
internal static class Sentence
{
    /// <summary>The text with its first letter as a capital.</summary>
    public static string UpperFirst(this string text) =>
        text.Length > 0 && char.IsAsciiLetterLower(text[0]) ? char.ToUpperInvariant(text[0]) + text[1..] : text;
}
