using Cep.Language.Text;

namespace Cep.Language.Syntax;

/// <summary><c>list NAME of TYPE = ( values )</c> or <c>list NAME of TYPE from "file"</c></summary>
/// <param name="Name">The list's name.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Values">The values written here; null where they are in a file, or could not be read, which has been reported.</param>
/// <param name="File">The path of the file that has the values; null where they are written here.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record ListSyntax(NameSyntax Name, NameSyntax Type, IReadOnlyList<ExpressionSyntax>? Values, StringSyntax? File, TextSpan Span);

/// <summary><c>EXPR [not] in @NAME</c></summary>
/// <param name="Operand">What is looked for.</param>
/// <param name="List">The list's name.</param>
/// <param name="ListSpan">Where it stands, with the <c>@</c>.</param>
/// <param name="IsNegated">Whether <c>not</c> stands before <c>in</c>.</param>
internal sealed record InNamedListSyntax(ExpressionSyntax Operand, NameSyntax List, TextSpan ListSpan, bool IsNegated)
    : ExpressionSyntax(Operand.Span.To(ListSpan));
