using Cep.Engine.Connectors;
using Cep.Language.Text;
using Cep.Rules;
using Cep.Streaming.Jobs;

namespace Cep.Cli.Run;

/// <summary>An input of a run.</summary>
/// <param name="Stream">The stream it holds; null when each line says its own.</param>
/// <param name="Path">The file; <c>-</c> for standard input.</param>
/// <param name="IsCsv">Comma-separated values with a header; else JSON lines.</param>
internal sealed record ResolvedInput(string? Stream, string Path, bool IsCsv)
{
    /// <summary>The input as a job takes it.</summary>
    public EventInput ToEventInput(RuleSet set) => new(
        Path == InputArgument.StandardInput ? ByteInput.StandardInput() : ByteInput.File(Path),
        IsCsv ? EventFormat.Csv : EventFormat.JsonLines,
        Stream is null ? set.Streams : [set.Streams.First(s => s.Name == Stream)]);
}

/// <summary>Decides what each <c>--input</c> means.</summary>
/// <param name="set">The rules.</param>
/// <param name="facts">What is known of the files.</param>
internal sealed class InputResolver(RuleSet set, InputFacts facts)
{
    private static readonly string[] FormatExtensions = [".jsonl", ".ndjson", ".json", ".csv"];

    private readonly List<string> _problems = [];

    /// <summary>What is wrong, whole sentences; empty when every argument means something.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The inputs, in the order given; of use only when there are no <see cref="Problems"/>.</summary>
    public IReadOnlyList<ResolvedInput> Resolve(IReadOnlyList<string> texts)
    {
        var arguments = texts.Select(t => InputArgument.Parse(t, facts.IsFile)).ToList();
        if (arguments.Count(a => a.Path == InputArgument.StandardInput) > 1)
            _problems.Add("Standard input, `-`, can be given once only.");
        return arguments.Select(Resolve).OfType<ResolvedInput>().ToList();
    }

    /// <summary>For each stream that a live rule reads and no input gives, a sentence.</summary>
    public IEnumerable<string> StreamsWithoutInput(IReadOnlyList<ResolvedInput> inputs)
    {
        if (inputs.Any(i => i.Stream is null))
            yield break;
        var read = set.LiveRules.SelectMany(r => r.Inputs.Select(i => (i.Stream.Name, Rule: r.Name))).GroupBy(r => r.Name, r => r.Rule);
        foreach (var rules in read.Where(r => inputs.All(i => i.Stream != r.Key)))
            yield return $"No input gives the stream `{rules.Key}`, which {Quoted(rules.ToList(), "and")} {(rules.Count() == 1 ? "reads" : "read")}.";
    }

    private ResolvedInput? Resolve(InputArgument argument)
    {
        var (stream, path) = argument;
        if (!IsThere(path))
            return null;
        var isCsv = Extension(path) == ".csv";
        if (stream is not null)
            return IsKnown(stream) ? new ResolvedInput(stream, path, isCsv) : null;
        if (set.Streams.FirstOrDefault(s => s.Name == BaseName(path)) is { } named && path != InputArgument.StandardInput)
            return new ResolvedInput(named.Name, path, isCsv);
        if (set.Streams is [var only])
            return new ResolvedInput(only.Name, path, isCsv);
        if (path == InputArgument.StandardInput || (!isCsv && facts.NamesStreams(path)))
            return HasOneKindOfTime(path) ? new ResolvedInput(null, path, isCsv) : null;
        _problems.Add($"Nothing says which stream `{path}` holds: write STREAM={path}, where STREAM is {Quoted(StreamNames, "or")}.");
        return null;
    }

    private bool IsThere(string path)
    {
        if (path == InputArgument.StandardInput || facts.IsFile(path))
            return true;
        _problems.Add(path.Length == 0 ? "An input needs a file: [STREAM=]FILE."
            : facts.IsFolder(path) ? $"`{path}` is a folder; an input is a file. For all files in it, write `{path.TrimEnd('/')}/*`."
            : $"There is no file `{path}`.");
        return false;
    }

    private bool IsKnown(string stream)
    {
        if (StreamNames.Contains(stream))
            return true;
        var nearest = EditDistance.Nearest(stream, StreamNames);
        _problems.Add(nearest is not null ? $"There is no stream `{stream}`; did you mean `{nearest}`?"
            : StreamNames.Count == 0 ? $"There is no stream `{stream}`: the rules declare none."
            : $"There is no stream `{stream}`; the rules declare {Quoted(StreamNames, "and")}.");
        return false;
    }

    private bool HasOneKindOfTime(string path)
    {
        if (set.Streams.All(s => s.Time is null) || set.Streams.All(s => s.Time is not null))
            return true;
        var clocked = set.Streams.Where(s => s.Time is null).Select(s => s.Name).ToList();
        _problems.Add($"`{path}` cannot hold streams in processing time ({Quoted(clocked, "and")}) and in event time together; write STREAM={path}.");
        return false;
    }

    private List<string> StreamNames => set.Streams.Select(s => s.Name).ToList();

    /// <summary>The extension that tells the format, without <c>.gz</c>.</summary>
    private static string Extension(string path) => Path.GetExtension(WithoutGz(path)).ToLowerInvariant();

    /// <summary>The file's name without folder and the extensions of formats.</summary>
    private static string BaseName(string path)
    {
        var name = Path.GetFileName(WithoutGz(path));
        return FormatExtensions.Contains(Extension(name)) ? Path.GetFileNameWithoutExtension(name) : name;
    }

    private static string WithoutGz(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;

    private static string Quoted(List<string> names, string conjunction)
    {
        var quoted = names.ConvertAll(n => $"`{n}`");
        return quoted.Count == 1 ? quoted[0] : $"{string.Join(", ", quoted.Take(quoted.Count - 1))} {conjunction} {quoted[^1]}";
    }
}
