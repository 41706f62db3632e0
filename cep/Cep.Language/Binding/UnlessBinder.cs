using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Rules;

namespace Cep.Language.Binding;

/// <summary>Makes the <c>unless</c> clauses of a rule.</summary>
/// <param name="inputs">The streams the rule reads, by name; null where that is not known, so that no clause is blamed for it.</param>
/// <param name="streams">All streams of the set, by name.</param>
/// <param name="lists">All lists of the set.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
internal sealed class UnlessBinder(
    IReadOnlyDictionary<string, StreamSymbol>? inputs, IReadOnlyDictionary<string, StreamSymbol> streams, ListTable lists, DiagnosticBag diagnostics)
{
    /// <summary>The clauses; one with something wrong is left out, and that is reported.</summary>
    public IReadOnlyList<UnlessClause> Bind(IEnumerable<UnlessSyntax> clauses) => clauses.Select(Bind).OfType<UnlessClause>().ToList();

    private UnlessClause? Bind(UnlessSyntax syntax)
    {
        var stream = StreamOf(syntax.Stream);
        var scope = new Scope { Place = Place.Filter, Candidate = stream, Streams = streams, Lists = lists, FilterReads = "The condition of `unless` reads" };
        var where = syntax.Where is { } condition ? new ExpressionBinder(scope, diagnostics).BindCondition(condition, "the condition of `unless`") : null;
        return stream is null || (where is null && syntax.Where is not null) ? null : new UnlessClause(stream.Definition, where);
    }

    private StreamSymbol? StreamOf(NameSyntax name)
    {
        if (!streams.TryGetValue(name.Text, out var stream))
            diagnostics.Error(DiagnosticCode.UnknownStream, name.Span, $"There is no stream `{name.Text}`.", DiagnosticBag.DidYouMean(name.Text, streams.Keys));
        else if (inputs is not null && !inputs.ContainsKey(name.Text))
            diagnostics.Error(DiagnosticCode.StreamNotInFrom, name.Span,
                $"The stream `{name.Text}` of `unless` is not in `from`, which says what its key is; a rule reads the streams that its `from` names.",
                $"add `{name.Text}` to `from`, with its key");
        return stream;
    }
}
