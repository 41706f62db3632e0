using Cep.SampleData;
using Xunit;

namespace Cep.Cli.Tests;

public class SampleGeneratorTests
{
    public static TheoryData<string> Samples => ["fraud", "security", "iot"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_committed_events_are_what_the_generator_writes(string sample)
    {
        using var folder = new TemporaryFolder();
        Build(sample).Write(folder.FullName);
        var files = Directory.GetFiles(folder["events"]).Append(Path.Combine(folder["expected"], "truth.json")).ToArray();
        Assert.Equal(files.Length - 1, Directory.GetFiles(Repository.Sample(sample, "events")).Length);
        foreach (var file in files)
        {
            var committed = Repository.Sample(sample, Path.GetRelativePath(folder.FullName, file));
            // The text and not the bytes: how small gzip gets it is up to the release of zlib.
            Assert.True(SampleFile.Text(file) == SampleFile.Text(committed), $"{committed} differs from what the generator writes");
        }
    }

    [Fact]
    public void A_long_stream_has_the_documented_draws()
    {
        using var output = new MemoryStream();
        BenchmarkStream.Parse(["--events", "1000", "--keys", "10", "--base-ms", "500", "-"])!.Write(output);
        var lines = System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1000, lines.Length);
        Assert.Equal("""{"key":7,"type":"A","price":27.860113025513865,"ts":501}""", lines[0]);
        Assert.EndsWith(""","ts":1500}""", lines[^1]);
    }

    [Theory]
    [InlineData("--keys", "0", "-")]
    [InlineData("--events", "many", "-")]
    [InlineData("--colour", "7", "-")]
    [InlineData("--events", "7")]
    public void A_long_stream_is_not_guessed_from_wrong_arguments(params string[] args) => Assert.Null(BenchmarkStream.Parse(args));

    private static SampleSet Build(string sample) => sample switch
    {
        "fraud" => FraudDay.Build(),
        "security" => SecurityDay.Build(),
        "iot" => PlantShift.Build(),
        _ => throw new ArgumentOutOfRangeException(nameof(sample), sample, null),
    };
}
