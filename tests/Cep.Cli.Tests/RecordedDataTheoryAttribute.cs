using Xunit;

namespace Cep.Cli.Tests;

/// <summary>A theory over the recorded data beside the repository: skipped where they are missing, but never where <c>CI</c> is <c>true</c>.</summary>
public sealed class RecordedDataTheoryAttribute : TheoryAttribute
{
    public RecordedDataTheoryAttribute()
    {
        var mustRun = Environment.GetEnvironmentVariable("CI") == "true";
        if (!mustRun && !Directory.Exists(Repository.SharedData)) Skip = "The recorded data are missing: no folder ../shared/data beside the repository.";
    }
}
