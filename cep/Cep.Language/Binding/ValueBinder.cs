using Cep.Events;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;

namespace Cep.Language.Binding;

/// <summary>A field with its value.</summary>
/// <param name="Field">The field.</param>
/// <param name="Value">In the CLR type of its kind, or null.</param>
internal readonly record struct FieldValue(EventField Field, object? Value);

/// <summary>Binds <c>{ name: value, … }</c> to the fields of a type.</summary>
/// <param name="type">The type.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
internal sealed class ValueBinder(EventType type, DiagnosticBag diagnostics)
{
    /// <summary>The values that can be told, in the order written.</summary>
    /// <param name="values">As written.</param>
    /// <param name="reject">Reports a name that the type has no field of.</param>
    public List<FieldValue> Bind(IReadOnlyList<ValueSyntax> values, Action<NameSyntax> reject)
    {
        var literals = new LiteralBinder(diagnostics);
        var seen = new HashSet<string>();
        var bound = new List<FieldValue>();
        foreach (var (name, value) in values)
        {
            if (!seen.Add(name.Text))
                diagnostics.Error(DiagnosticCode.DuplicateName, name.Span, $"The field `{name.Text}` has two values here; one was expected.");
            else if (!type.TryGetField(name.Text, out var field)) reject(name);
            else if (literals.TryBind(field, value, out var literal)) bound.Add(new FieldValue(field, literal));
        }
        return bound;
    }
}
