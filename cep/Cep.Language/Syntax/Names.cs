using Cep.Language.Text;

namespace Cep.Language.Syntax;

/// <summary>A name as written, without its backticks.</summary>
/// <param name="Text">The name; empty where one was expected and is missing, which has been reported.</param>
/// <param name="Span">Where it stands, with the backticks.</param>
internal readonly record struct NameSyntax(string Text, TextSpan Span)
{
    public bool IsMissing => Text.Length == 0;
}

/// <summary>A duration as written.</summary>
/// <param name="Ms">Whole milliseconds, not negative.</param>
/// <param name="Span">Where it stands.</param>
internal readonly record struct DurationSyntax(long Ms, TextSpan Span);

/// <summary>A string as written, escapes decoded.</summary>
internal readonly record struct StringSyntax(string Value, TextSpan Span);
