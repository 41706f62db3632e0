using Xunit;

namespace Cep.Cli.Tests;

/// <summary>A theory over the recorded data beside the repository: skipped where they are missing, but never where <c>CI</c> is <c>true</c>.</summary>
public sealed class RecordedDataTheoryAttribute : TheoryAttribute
{
    public RecordedDataTheoryAttribute() => Skip = RecordedData.WhyNot;
}

/// <summary>A fact about the recorded data, skipped as <see cref="RecordedDataTheoryAttribute"/> is.</summary>
public sealed class RecordedDataFactAttribute : FactAttribute
{
    public RecordedDataFactAttribute() => Skip = RecordedData.WhyNot;
}

internal static class RecordedData
{
    /// <summary>Why tests over the recorded data cannot run; null where they can, or must.</summary>
    public static string? WhyNot { get; } =
        Environment.GetEnvironmentVariable("CI") == "true" || Directory.Exists(Repository.SharedData)
            ? null
            : "The recorded data are missing: no folder ../shared/data beside the repository.";
}
