using System.Text;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Language.Json;

/// <summary>Imports the JSON rules of dynamic CEP on Flink, as Ververica and Alibaba Cloud document them: a graph of nodes and edges.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>The graph becomes a sequence: one node starts it and a node has at most one edge out. A COMPOSITE node becomes a group; its name is not kept.</item>
/// <item>The <c>type</c> of an edge is the link of its target, where NOT_NEXT and NOT_FOLLOW make it negated. The <c>consumingStrategy</c> of a node says
/// how the rounds of a loop follow each other, and nothing where there is no loop.</item>
/// <item>A window of FIRST_AND_LAST is the window of the pattern; one of PREVIOUS_AND_CURRENT is, as in Flink, before the last step.</item>
/// <item>An AVIATOR condition is read as an expression of the rule language. Conditions of other types are code and cannot be carried.</item>
/// </list>
/// </remarks>
public static class DynamicCepJson
{
    /// <summary>Reads a rule. Never throws, whatever the bytes: it is a pattern that compiles, or one problem for each thing that cannot be carried.</summary>
    /// <param name="utf8">The whole document.</param>
    /// <param name="stream">The type of the events; the form does not name one.</param>
    public static PatternReading Import(ReadOnlyMemory<byte> utf8, EventType stream)
    {
        var problems = new List<PatternJsonProblem>();
        using var document = JsonText.Open(utf8, problems);
        Pattern? pattern = null;
        if (document is not null)
            pattern = new DynamicCepReader(stream, problems).Read(new JsonPart(document.RootElement, "$", problems));
        return new PatternReading(problems.Count == 0 ? pattern : null, problems);
    }

    /// <summary>Reads a rule from text; see <see cref="Import(ReadOnlyMemory{byte}, EventType)"/>.</summary>
    public static PatternReading Import(string json, EventType stream) => Import(Encoding.UTF8.GetBytes(json), stream);
}
