using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Language.Json;

/// <summary>The JSON form of patterns: it holds every pattern of the model; conditions are expressions of the rule language.</summary>
/// <remarks>
/// An object of
/// <list type="bullet">
/// <item><c>version</c>: 1;</item>
/// <item><c>steps</c>: an array; a step has <c>name</c>, or <c>group</c> with steps of its own, or <c>either</c> with an array of steps for each alternative;</item>
/// <item><c>lists</c>: the lists that conditions name, an array of objects with <c>name</c>, <c>type</c> (as in a rule file) and <c>values</c>, each as text;</item>
/// <item><c>withinMs</c>, <c>gapMs</c>: the window of the whole pattern, and the one from each event to the next;</item>
/// <item><c>skip</c>: <c>kind</c> (<c>none</c>, <c>toNext</c>, <c>pastLast</c>, <c>toFirst</c>, <c>toLast</c>), <c>step</c>, <c>failsOnMiss</c>.</item>
/// </list>
/// A step has <c>link</c> (<c>strict</c>, <c>relaxed</c>, <c>nonDeterministicRelaxed</c>), <c>not</c>, <c>quantifier</c> and <c>gapMs</c>, and, unless it is a
/// group, <c>stream</c> and <c>where</c>. A quantifier has <c>min</c>, <c>max</c> (null for no bound), <c>optional</c>, <c>greedy</c>,
/// <c>inner</c>, <c>until</c> and <c>gapMs</c>. What is left out is the default of <see cref="Pattern"/>, <see cref="PatternStep"/> and
/// <see cref="Quantifier"/>: no skip, relaxed, exactly once.
/// </remarks>
public static class PatternJson
{
    /// <summary>Writes a pattern; what is the default is left out.</summary>
    /// <exception cref="ArgumentException">A condition is code, which JSON has no form for.</exception>
    public static void Write(Utf8JsonWriter json, Pattern pattern) => new PatternJsonWriter(json).Write(pattern);

    /// <summary>The pattern as an indented document.</summary>
    public static string Write(Pattern pattern)
    {
        var bytes = new MemoryStream();
        // A document of its own is no part of a page; only then `<` and `'` stand for themselves.
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json, pattern);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>Reads a pattern. Never throws, whatever the bytes: it is a pattern that compiles, or everything that is wrong with it.</summary>
    /// <param name="utf8">The whole document.</param>
    /// <param name="streams">The event types that steps name in <c>stream</c>; of two with one name, the first.</param>
    /// <remarks>Property names are exact; one that is unknown is a problem.</remarks>
    public static PatternReading Read(ReadOnlyMemory<byte> utf8, IReadOnlyList<EventType> streams)
    {
        var problems = new List<PatternJsonProblem>();
        using var document = JsonText.Open(utf8, problems);
        var pattern = document is null ? null : new PatternJsonReader(streams, problems).Read(new JsonPart(document.RootElement, "$", problems));
        return new PatternReading(problems.Count == 0 ? pattern : null, problems);
    }

    /// <summary>Reads a pattern from text; see <see cref="Read(ReadOnlyMemory{byte}, IReadOnlyList{EventType})"/>.</summary>
    public static PatternReading Read(string json, IReadOnlyList<EventType> streams) => Read(Encoding.UTF8.GetBytes(json), streams);
}
