using Cep.Conditions;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Binding;

/// <summary>Makes a list of its declaration.</summary>
/// <param name="syntax">The declaration.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
/// <param name="readFile">Reads the files that lists name; null where there are none to be read.</param>
internal sealed class ListBinder(ListSyntax syntax, DiagnosticBag diagnostics, ListFileReader? readFile)
{
    private static readonly IReadOnlyDictionary<string, ListType> Types = Enum.GetValues<ListType>().ToDictionary(t => t.Name(), StringComparer.Ordinal);

    private static readonly string TypeNames = string.Join(", ", Types.Keys.Select(t => $"`{t}`"));

    private string Name => syntax.Name.Text;

    /// <summary>The list; without values where something is wrong, which is reported.</summary>
    public ListSymbol Bind()
    {
        var type = TypeOf(syntax.Type);
        var values = syntax.File is { } file ? ReadFile(file, type) : type is { } known && syntax.Values is { } written ? ReadValues(written, known) : null;
        return new ListSymbol(type is null || values is null ? null : new ValueList(Name, type.Value, values), diagnostics.Source, syntax.Name);
    }

    private ListType? TypeOf(NameSyntax written)
    {
        if (written.IsMissing) return null;
        if (Types.TryGetValue(written.Text, out var type)) return type;
        var meant = written.Text.ToLowerInvariant() is "ip" or "inet" or "address" or "network" ? "cidr" : StreamBinder.MeantType(written.Text);
        diagnostics.Error(DiagnosticCode.UnknownType, written.Span, $"There is no list of `{written.Text}`; the types of lists are {TypeNames}.",
            meant is not null && Types.ContainsKey(meant) ? $"did you mean `{meant}`?" : DiagnosticBag.DidYouMean(written.Text, Types.Keys));
        return null;
    }

    // ---- values in the rule file

    private List<object>? ReadValues(IReadOnlyList<ExpressionSyntax> written, ListType type)
    {
        var values = new Dictionary<object, ExpressionSyntax>();
        var (isSound, twice) = (true, new List<ExpressionSyntax>());
        foreach (var item in written)
        {
            if (ListValue.Of(item, type) is not var (value, problem)) isSound = false;
            else if (value is null)
            {
                diagnostics.Error(problem!.Value.Code, item.Span, $"The list `{Name}` is of {type.Name()}, but {problem.Value.Message}", problem.Value.Help);
                isSound = false;
            }
            else if (!values.TryAdd(value, item)) twice.Add(item);
        }
        if (isSound && twice.Count > 0)
            diagnostics.Warning(DiagnosticCode.DuplicateListValue, twice[0].Span,
                $"The value `{Short(diagnostics.Source.Slice(twice[0].Span).ToString())}` is in the list `{Name}` twice{More(twice.Count - 1, "other value is", "other values are")}; once is enough.");
        return isSound ? [.. values.Keys] : null;
    }

    // ---- values in a file of their own

    private List<object>? ReadFile(StringSyntax file, ListType? type)
    {
        if (ListPath.WhyNot(file.Value) is { } reason)
        {
            diagnostics.Error(DiagnosticCode.ListFile, file.Span, reason);
            return null;
        }
        if (readFile is null)
        {
            diagnostics.Error(DiagnosticCode.ListFile, file.Span, $"The list `{Name}` is in a file, and no files can be read here.", $"write the values: `list {Name} of {syntax.Type.Text} = (…)`");
            return null;
        }
        return type is { } known && Open(file) is { } text ? ReadLines(file, text, known) : null;
    }

    private SourceText? Open(StringSyntax file)
    {
        try
        {
            if (readFile!(diagnostics.Source, file.Value) is not { } text)
                diagnostics.Error(DiagnosticCode.ListFile, file.Span, $"There is no file `{file.Value}`, from which the list `{Name}` is to be read.",
                    "the path is relative to the folder of this file");
            else if (text.InvalidUtf8.Count > 0)
                diagnostics.Error(DiagnosticCode.ListFile, file.Span,
                    $"There are bytes on line {text.LineOf(text.InvalidUtf8[0])} of `{file.Value}` that are not UTF-8; a file with a list is UTF-8 text.");
            else return text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Error(DiagnosticCode.ListFile, file.Span, $"The file `{file.Value}`, from which the list `{Name}` is to be read, cannot be read.");
        }
        return null;
    }

    private List<object>? ReadLines(StringSyntax file, SourceText text, ListType type)
    {
        var values = new Dictionary<object, int>();
        var (wrong, twice) = (new List<string>(), new List<string>());
        for (var line = 1; line <= text.LineCount; line++)
        {
            var entry = text.Slice(text.LineSpan(line)).Trim().ToString();
            if (entry.Length == 0 || entry[0] == '#') continue;
            if (ListValue.Of(entry, type, out var problem) is not { } value)
                wrong.Add($"Line {line} of `{file.Value}` is `{Short(entry)}`, and {problem}.");
            else if (!values.TryAdd(value, line))
                twice.Add($"Line {line} of `{file.Value}` is `{Short(entry)}`, which line {values[value]} is already");
        }
        if (wrong.Count > 0)
            diagnostics.Error(DiagnosticCode.InvalidListValue, file.Span, wrong[0] + Also(wrong.Count - 1));
        else if (twice.Count > 0)
            diagnostics.Warning(DiagnosticCode.DuplicateListValue, file.Span, $"{twice[0]}{More(twice.Count - 1, "other line repeats one", "other lines repeat one")}; once is enough.");
        return wrong.Count == 0 ? [.. values.Keys] : null;
    }

    private static string Also(int others) => others switch { 0 => "", 1 => " One more line is wrong too.", _ => $" {others} more lines are wrong too." };

    private static string More(int others, string one, string several) => others switch { 0 => "", 1 => $", and 1 {one} too", _ => $", and {others} {several} too" };

    private static string Short(string text) => text.Length <= 40 ? text : text[..(char.IsHighSurrogate(text[39]) ? 39 : 40)] + "…";
}
