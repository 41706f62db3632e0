using System.Text.Json;

namespace Cep.Cli.Tests;

/// <summary>What the generator knows of the events that it made: <c>expected/truth.json</c> of a sample.</summary>
internal sealed record SampleTruth(IReadOnlyList<TrueIncident> Incidents, IReadOnlyDictionary<string, TrueFile> Files)
{
    public static SampleTruth Of(string sample) =>
        JsonSerializer.Deserialize<SampleTruth>(File.ReadAllBytes(Repository.Sample(sample, "expected", "truth.json")), JsonSerializerOptions.Web)!;
}

/// <summary>Something that a rule has to find.</summary>
internal sealed record TrueIncident(string Rule, IReadOnlyList<string> Key, DateTimeOffset From, DateTimeOffset To, int Matches);

/// <summary>The numbers of the lines that must not reach a pattern, counted from 1.</summary>
internal sealed record TrueFile(int Lines, IReadOnlyList<int> Late, IReadOnlyList<TrueMalformed> Malformed);

/// <summary>A line that is no event.</summary>
internal sealed record TrueMalformed(int Line, string Why);
