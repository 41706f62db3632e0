using Cep.Conformance.Cases;

namespace Cep.Conformance.Reports;

/// <summary>How the cases of a file reach the evaluator.</summary>
public enum CasePath
{
    /// <summary>The pattern model is built directly.</summary>
    Model,

    /// <summary>The case is written as rule text and compiled.</summary>
    Text,

    /// <summary>The pattern model is written as JSON and read back.</summary>
    Json,
}

/// <summary>A case that was answered otherwise than by Flink.</summary>
/// <param name="Case">The case.</param>
/// <param name="Differences">What differs, one line each.</param>
public sealed record Failure(Case Case, IReadOnlyList<string> Differences);

/// <summary>What came of one file on one path.</summary>
public sealed class FileReport(string file, CasePath path)
{
    private readonly List<Failure> _failures = [];
    private readonly SortedDictionary<string, int> _byChoice = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _noForm = new(StringComparer.Ordinal);

    private readonly List<(Case Case, string Why)> _aside = [];

    /// <summary>The file.</summary>
    public string File => file;

    /// <summary>The path.</summary>
    public CasePath Path => path;

    /// <summary>How many cases were answered as by Flink.</summary>
    public int Passed { get; private set; }

    /// <summary>The cases that were answered otherwise.</summary>
    public IReadOnlyList<Failure> Failures => _failures;

    /// <summary>How many cases are answered otherwise than by Flink on purpose, by reason.</summary>
    public IReadOnlyDictionary<string, int> ByChoice => _byChoice;

    /// <summary>How many cases the path cannot say, by what they lack.</summary>
    public IReadOnlyDictionary<string, int> NoForm => _noForm;

    /// <summary>The cases that did neither pass nor fail, each with the reason.</summary>
    public IReadOnlyList<(Case Case, string Why)> Aside => _aside;

    /// <summary>The cases that are answered otherwise than by Flink on purpose.</summary>
    public IEnumerable<Case> Otherwise => _aside.Where(a => _byChoice.ContainsKey(a.Why)).Select(a => a.Case);

    /// <summary>Counts a case by its verdict.</summary>
    public void Judge(Case c, Verdict verdict)
    {
        if (verdict.Differences.Count > 0)
            _failures.Add(new Failure(c, verdict.Differences));
        else if (verdict.Choice is { } choice)
            Set(c, _byChoice, choice);
        else
            Passed++;
    }

    /// <summary>Counts a case that the path has no form for.</summary>
    public void SetAsideNoForm(Case c, string construct) => Set(c, _noForm, construct);

    private void Set(Case c, SortedDictionary<string, int> counts, string why)
    {
        _aside.Add((c, why));
        Count(counts, why);
    }

    private static void Count(SortedDictionary<string, int> counts, string what) => counts[what] = counts.GetValueOrDefault(what) + 1;
}
