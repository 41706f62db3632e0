using Cep.Conditions;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Binding;

/// <content>Membership in a declared list.</content>
internal sealed partial class ExpressionBinder
{
    private Expr? BindInNamedList(InNamedListSyntax syntax)
    {
        var symbol = scope.Lists.Use(syntax.List.Text);
        if (symbol is null)
            ErrorAt(syntax.List.Span, DiagnosticCode.UnknownList, $"There is no list `{syntax.List.Text}`.",
                DiagnosticBag.DidYouMean(syntax.List.Text, scope.Lists.Names)
                    ?? $"declare it: `list {syntax.List.Text} of string = (\"…\", \"…\")`");
        var list = symbol?.List;
        var operand = Bind(syntax.Operand, list?.Kind == ValueKind.Decimal ? ValueKind.Decimal : ValueKind.Double);
        if (operand is null || list is null) return null;
        if (Typing.Result(BinaryOperator.Equal, operand.Kind, list.Kind) is null)
        {
            ErrorIn(syntax.Operand, DiagnosticCode.TypeMismatch,
                $"{Described(syntax.Operand, operand)} and the list `{list.Name}` is of {list.Type.Name()}; they cannot be compared with `in`.".UpperFirst());
            return null;
        }
        var result = ExprFactory.InList(ValueKinds.Common(operand.Kind, list.Kind) is { } common ? Adapt(operand, common) : operand, list);
        return syntax.IsNegated ? ExprFactory.Not(result) : result;
    }
}
