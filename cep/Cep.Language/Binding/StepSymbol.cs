using Cep.Language.Syntax;

namespace Cep.Language.Binding;

/// <summary>A step of a pattern as expressions see it.</summary>
/// <param name="Syntax">How it is written.</param>
/// <param name="Stream">The stream whose events it takes; null where that is not known, which has been reported.</param>
/// <param name="Index">Its position among all steps, from 0, in the order written.</param>
/// <param name="Groups">The groups it stands in, outermost first.</param>
internal sealed record StepSymbol(AtomSyntax Syntax, StreamSymbol? Stream, int Index, IReadOnlyList<GroupSyntax> Groups)
{
    public string Name => Syntax.Name.Text;

    public bool IsNegated => Syntax.Not is not null;

    /// <summary>Whether its events can be more than one within one round of its groups.</summary>
    public bool IsLoop => Syntax.Quantifier?.IsLoop ?? false;

    /// <summary>Whether a repeated group holds it, so that it may have taken events in an earlier round.</summary>
    public bool IsRepeated => Groups.Any(g => g.Quantifier?.IsLoop ?? false);

    /// <summary>Whether one repeated group holds both steps, so that each comes after the other in some round.</summary>
    public bool IsRepeatedWith(StepSymbol other) =>
        Groups.Intersect(other.Groups, ReferenceEqualityComparer.Instance).Any(g => ((GroupSyntax)g!).Quantifier?.IsLoop ?? false);
}
