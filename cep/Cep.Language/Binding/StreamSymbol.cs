using Cep.Events;
using Cep.Language.Syntax;
using Cep.Language.Text;
using Cep.Rules;

namespace Cep.Language.Binding;

/// <summary>A declared stream as rules see it.</summary>
/// <param name="Definition">What the stream became; it lacks the fields whose type could not be told.</param>
/// <param name="Untyped">The names of those fields: known, so that reading one is not a second error.</param>
/// <param name="Source">The file that declares it.</param>
/// <param name="Name">The name where it is declared.</param>
internal sealed record StreamSymbol(StreamDefinition Definition, IReadOnlySet<string> Untyped, SourceText Source, NameSyntax Name)
{
    public EventType EventType => Definition.EventType;

    public IEnumerable<string> FieldNames => EventType.Fields.Select(f => f.Name);
}
