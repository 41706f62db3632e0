using Cep.Engine.Runtime;
using Cep.Language;
using Cep.Language.Text;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Jobs;

/// <summary>Every sample rule set runs three ways and writes the same: straight, with one checkpoint after the other, and restored at other parallelisms.</summary>
public class SampleCheckpointTests
{
    [Theory]
    [InlineData("fraud")]
    [InlineData("iot")]
    [InlineData("security")]
    public void A_sample_writes_the_same_straight_with_checkpoints_and_restored_at_other_parallelisms(string sample)
    {
        var folder = Path.Combine(Root(), "sample-rules", sample);
        var texts = Directory.GetFiles(folder, "*.cep").Order(StringComparer.Ordinal).Select(f => new SourceText(f, File.ReadAllText(f)));
        var patterns = PatternSet.Compile(RuleCompiler.Compile([.. texts], (_, path) => new SourceText(path, File.ReadAllText(Path.Combine(folder, path)))).RuleSet!);
        using var taking = Job(folder);
        using var restored = Job(folder);
        var straight = new JobRun(patterns, taking.Inputs(patterns));
        taking.New(patterns, 2).Run();
        Assert.Equal(straight.All, taking.All());

        foreach (var parallelism in new[] { 1, 3 })
        {
            var left = straight.Matches.Count(c => c == '\n') / 3;
            restored.OnMatch = () =>
            {
                if (--left == 0)
                    throw new IOException("on purpose");
            };
            Assert.Throws<JobException>(() => restored.New(patterns, parallelism).Run());
        }
        restored.OnMatch = () => { };
        restored.New(patterns, 2).Run();
        Assert.Equal(straight.All, restored.All());
    }

    private static RestartedJob Job(string folder)
    {
        var job = new RestartedJob();
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "events")).Order(StringComparer.Ordinal))
            job.InputFile(file, Path.GetFileName(file).Split('.')[0]);
        return job;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Cep.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
