using System.Globalization;

namespace Cep.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public const string Help = """
        Measures the engine beside programs written by hand, in one process, in turns.

          dotnet run -c Release --project tests/Benchmarks -- [SUITE…] [OPTIONS]

        Suites (all of them when none is named):
          operator   the keyed operator on events in memory: Q1 to Q6 and G1; and its reorder buffer
          json       a rule job over a file of JSON lines, as `cep run` does it: Q2, 10,000 keys
          memory     the peak memory of a rule job while a long stream goes by
          state      keyed state: counting by key, and checkpoints of N keys with 500 bytes each,
                     and a swap of rules with N partial matches alive
          log        an event log: events a second that are on the disk when callers are answered, by the
                     clock, beside a bare write and flush of the same bytes. The disk is that of TMPDIR
          jobs       whole jobs by the clock: two subtasks beside one, and a checkpoint every second
                     beside none (100 N events). Only on a machine that does nothing else

        Options:
          --events N        events a round (1,000,000; of memory 20,000,000). With 5,000,000 the matches
                            of Q1 to Q5 are compared with the known ones, with 1,000,000 those of G1
          --rounds R        rounds that count, after one that does not (5)
          --query Q         only this query; may be repeated
          --markdown FILE   writes the tables to a file too

        Rates are events per second of processor time, so other work on the machine disturbs them little.
        Exit code 1 when matches differ or memory grows.
        """;

    private static readonly string[] AllSuites = ["operator", "json", "memory", "state", "log", "jobs"];

    public IReadOnlyList<string> Suites { get; init; } = [];

    public int? EventsAsked { get; init; }

    public int Rounds { get; init; } = 5;

    public IReadOnlyList<string> Queries { get; init; } = [];

    public string? MarkdownFile { get; init; }

    public int Events => EventsAsked ?? 1_000_000;

    public int MemoryEvents => EventsAsked ?? 20_000_000;

    public bool Runs(string suite) => Suites.Count == 0 || Suites.Contains(suite);

    public bool Asks(string query) => Queries.Count == 0 || Queries.Contains(query, StringComparer.OrdinalIgnoreCase);

    /// <summary>The options that arguments ask for; null when they make no sense.</summary>
    public static Options? Parse(ReadOnlySpan<string> args)
    {
        var options = new Options();
        while (args is [var word, .. var rest])
        {
            if (word == "all" || AllSuites.Contains(word))
            {
                options = word == "all" ? options : options with { Suites = [.. options.Suites, word] };
                args = rest;
                continue;
            }
            if (rest is not [var value, .. var others] || options.With(word, value) is not { } next)
                return null;
            options = next;
            args = others;
        }
        return options;
    }

    private Options? With(string option, string value) => option switch
    {
        "--events" when Number(value) is { } n => this with { EventsAsked = n },
        "--rounds" when Number(value) is { } n => this with { Rounds = n },
        "--query" => this with { Queries = [.. Queries, value] },
        "--markdown" => this with { MarkdownFile = value },
        _ => null,
    };

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : null;
}
