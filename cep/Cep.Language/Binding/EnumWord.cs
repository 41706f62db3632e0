using Cep.Language.Diagnostics;
using Cep.Language.Syntax;

namespace Cep.Language.Binding;

/// <summary>Finds the value of the model that a word names.</summary>
internal static class EnumWord
{
    /// <summary>The value; <paramref name="otherwise"/> where there is no word, or one that names none, which is reported.</summary>
    /// <param name="name">The word.</param>
    /// <param name="what">What it is to name, for the message.</param>
    /// <param name="otherwise">What holds without it.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public static T Of<T>(NameSyntax? name, string what, T otherwise, DiagnosticBag diagnostics) where T : struct, Enum
    {
        if (name is not { IsMissing: false } word) return otherwise;
        foreach (var value in Enum.GetValues<T>())
        {
            if (value.ToString().ToLowerInvariant() == word.Text) return value;
        }
        var words = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToList();
        diagnostics.Error(DiagnosticCode.UnknownWord, word.Span,
            $"`{word.Text}` is not a {what}; there are {string.Join(", ", words.Select(w => $"`{w}`"))}.",
            DiagnosticBag.DidYouMean(word.Text, words));
        return otherwise;
    }
}
