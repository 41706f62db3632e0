namespace Cep.Language.Binding;

/// <summary>A step of a pattern as expressions see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Stream">The stream whose events it takes; null where that is not known, which has been reported.</param>
/// <param name="Index">Its position among all steps, from 0, in the order written.</param>
/// <param name="IsNegated">Whether it is an absence, or stands in one.</param>
/// <param name="IsLoop">Whether its events can be more than one within one round of its groups.</param>
/// <param name="Groups">The groups it stands in, outermost first.</param>
internal sealed record StepSymbol(string Name, StreamSymbol? Stream, int Index, bool IsNegated, bool IsLoop, IReadOnlyList<GroupSymbol> Groups)
{
    /// <summary>Whether a repeated group holds it, so that it may have taken events in an earlier round.</summary>
    public bool IsRepeated => Groups.Any(g => g.IsLoop);

    /// <summary>Whether one repeated group holds both steps, so that each comes after the other in some round.</summary>
    public bool IsRepeatedWith(StepSymbol other) => Groups.Intersect(other.Groups).Any(g => g.IsLoop);
}

/// <summary>A group of steps as expressions see it; compared by reference.</summary>
/// <param name="isLoop">Whether it can be taken more than once.</param>
/// <param name="isOfModel">False for parentheses that only make a loop optional; the model has no group for them.</param>
/// <param name="isNegated">Whether it is an absence, so that its steps have no events that could be read.</param>
internal sealed class GroupSymbol(bool isLoop, bool isOfModel = true, bool isNegated = false)
{
    public bool IsNegated { get; } = isNegated;

    public bool IsLoop { get; } = isLoop;

    public bool IsOfModel { get; } = isOfModel;
}
