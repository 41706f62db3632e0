using System.IO.Compression;
using System.Text;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Streams;
using Cep.Engine.Tests.Support;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

/// <summary>What savepoints are for, a test each: what is written before and after is what an application writes that nobody ever stopped.</summary>
public sealed class SavepointUsesTests : IDisposable
{
    private static readonly (string, Func<KeyedProcessFunction<string, Event, string>>) Counts = ("counts", () => new Count());
    private static readonly (string, Func<KeyedProcessFunction<string, Event, string>>) Sums = ("sums", () => new Sums());

    private readonly string _path = Directory.CreateTempSubdirectory("cep-uses-").FullName;
    private readonly CountingApplication _undisturbed = new(Counts, Sums);

    public SavepointUsesTests() => _undisturbed.Run();

    private string Folder => Path.Combine(_path, "savepoint");

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public async Task Evolve_the_application()
    {
        CountingApplication before = await StoppedAt(3_000);

        var larger = new CountingApplication(Counts, Sums, ("more", () => new Count()));
        larger.Run(Folder);
        CheckGoesOn(before, larger);
        var alone = new CountingApplication(Counts);
        alone.Run(input: CountingApplication.Input.Skip(before.Written("counts").Count));
        Assert.Equal(alone.Written("counts"), larger.Written("more"));

        Assert.Equal(
            "The snapshot has state of `counts`, but the job has no operator of this uid. Say which uid it has now, or that its state may be dropped; "
            + "the job has `sources`, `sums`, `sink/sums`.",
            Refusal(new CountingApplication(Sums)));
        var smaller = new CountingApplication(Sums) { Consent = ([], ["counts"]) };
        smaller.Run(Folder);
        Assert.Equal(_undisturbed.Written("sums"), before.Written("sums").Concat(smaller.Written("sums")));

        Assert.Equal(
            "The snapshot has state of `counts`, but the job has no operator of this uid. Say which uid it has now, or that its state may be dropped; "
            + "the job has `sources`, `numbers`, `sums`, `sink/numbers`, `sink/sums`.",
            Refusal(new CountingApplication(("numbers", () => new Count()), Sums)));
        var renamed = new CountingApplication(("numbers", () => new Count()), Sums) { Consent = (new() { ["counts"] = "numbers" }, []) };
        renamed.Run(Folder);
        CheckGoesOn(before, renamed, "numbers");
    }

    [Fact]
    public async Task Move_the_folder()
    {
        CountingApplication before = await StoppedAt(3_000);
        string moved = Path.Combine(_path, "some where", "else");
        Directory.CreateDirectory(Path.GetDirectoryName(moved)!);
        Directory.Move(Folder, moved);
        CheckGoesOn(before, GoneOn(parallelism: 3, moved));
    }

    /// <summary>There is one version of the format so far. What earlier programs wrote in it is read - a job stopped at record 3,000, and bare state -, and a newer version is refused by its number.</summary>
    [Fact]
    public void Read_the_previous_format_version()
    {
        string golden = Path.Combine(AppContext.BaseDirectory, "Checkpoints", "Savepoints");
        CountingApplication after = GoneOn(parallelism: 3, Path.Combine(golden, "version-1-job"));
        Assert.Equal(_undisturbed.Written("counts").Skip(2_560), after.Written("counts"));
        // A sum that was half added up when the job stopped is the first to come.
        Assert.Equal("k22 1026000: 7651", after.Written("sums")[0]);
        Assert.Equal(_undisturbed.Written("sums").TakeLast(after.Written("sums").Count), after.Written("sums"));

        string state = Path.Combine(golden, "version-1");
        Assert.Equal(File.ReadAllText(state + ".txt").TrimEnd(), ModelJob.Restored(Savepoint.Open(state).Verify(), parallelism: 3));

        byte[] newer = Encoding.UTF8.GetBytes("{ \"format\": 2 }\n");
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(Path.Combine(Folder, "manifest.json"), [.. newer, .. Encoding.UTF8.GetBytes($"crc32c {Crc32C.Of(newer):x8}\n")]);
        Assert.Equal(
            "The snapshot file manifest.json has format version 2; this program reads versions up to 1. Use the version of the program that wrote it, or a newer one.",
            Assert.Throws<SnapshotVersionException>(() => Savepoint.Open(Folder)).Message);
    }

    [Fact]
    public async Task Run_at_another_parallelism()
    {
        string second = Path.Combine(_path, "second");
        CountingApplication one = await StoppedAt(2_000, parallelism: 1);
        var four = new CountingApplication(Counts, Sums) { Parallelism = 4 };
        await four.SavepointAt(4_000, second, stops: true, Folder);
        CountingApplication three = GoneOn(parallelism: 3, second);
        Assert.All([one, four, three], part => Assert.NotEmpty(part.Written("sums")));
        foreach (string uid in new[] { "counts", "sums" })
            Assert.Equal(_undisturbed.Written(uid), one.Written(uid).Concat(four.Written(uid)).Concat(three.Written(uid)));
    }

    [Fact]
    public async Task Compare_two_versions_from_one_savepoint()
    {
        var running = new CountingApplication(Counts, Sums);
        await running.SavepointAt(3_000, Folder, stops: false);
        Assert.Equal(_undisturbed.Written("counts"), running.Written("counts"));
        string[] taken = Bytes();

        CountingApplication a = GoneOn(parallelism: 1, Folder);
        var b = new CountingApplication(("counts", () => new Count(step: 1_000)), Sums);
        b.Run(Folder);
        Assert.InRange(a.Written("counts").Count, 1, _undisturbed.Written("counts").Count - 1);
        foreach (string uid in new[] { "counts", "sums" }) Assert.Equal(_undisturbed.Written(uid).TakeLast(a.Written(uid).Count), a.Written(uid));
        Assert.Equal(a.Written("sums"), b.Written("sums"));

        // The new version counts in thousands, on top of what the old one had counted by then.
        Dictionary<string, long> had = a.Written("counts").GroupBy(KeyOf).ToDictionary(key => key.Key, key => CountOf(key.First()) - 1);
        Assert.Equal(a.Written("counts").Select(line => had[KeyOf(line)] + (CountOf(line) - had[KeyOf(line)]) * 1_000), b.Written("counts").Select(CountOf));
        Assert.Equal(taken, Bytes());
    }

    [Fact]
    public async Task Pause_and_resume()
    {
        string file = Path.Combine(_path, "counts");
        var paused = new CountingApplication(Counts, Sums) { Also = Lines(file) };
        await paused.SavepointAt(3_000, Folder, stops: true);
        Assert.Equal(paused.Written("counts"), File.ReadAllLines(file));

        var resumed = new CountingApplication(Counts, Sums) { Also = Lines(file) };
        resumed.Run(Folder);
        CheckGoesOn(paused, resumed);
        Assert.Equal(_undisturbed.Written("counts"), File.ReadAllLines(file));
    }

    [Fact]
    public async Task Archive_and_reset()
    {
        CountingApplication before = await StoppedAt(3_000);
        string archive = Path.Combine(_path, "archive.zip");
        ZipFile.CreateFromDirectory(Folder, archive);
        Directory.Delete(Folder, recursive: true);

        var reset = new CountingApplication(Counts, Sums);
        reset.Run();
        Assert.Equal(_undisturbed.Written("counts"), reset.Written("counts"));

        ZipFile.ExtractToDirectory(archive, Folder);
        CheckGoesOn(before, GoneOn(parallelism: 2, Folder));
    }

    private static string KeyOf(string line) => line[..line.IndexOf('@', StringComparison.Ordinal)];

    private static long CountOf(string line) => long.Parse(line[line.LastIndexOf(' ')..], System.Globalization.CultureInfo.InvariantCulture);

    private static TransactionalLineSink<string> Lines(string file) =>
        new(file, (System.Buffers.IBufferWriter<byte> line, in string value) => Encoding.UTF8.GetBytes(value, line));

    private async Task<CountingApplication> StoppedAt(int record, int parallelism = 2)
    {
        var application = new CountingApplication(Counts, Sums) { Parallelism = parallelism };
        await application.SavepointAt(record, Folder, stops: true);
        return application;
    }

    private static CountingApplication GoneOn(int parallelism, string from)
    {
        var application = new CountingApplication(Counts, Sums) { Parallelism = parallelism };
        application.Run(from);
        return application;
    }

    private string Refusal(CountingApplication application) => Assert.Throws<InvalidOperationException>(() => application.Run(Folder)).Message;

    /// <summary>Checks that one application wrote the beginning of what an undisturbed one writes, and the other the rest.</summary>
    private void CheckGoesOn(CountingApplication before, CountingApplication after, string counts = "counts")
    {
        Assert.NotEmpty(before.Written("sums"));
        Assert.NotEmpty(after.Written("sums"));
        Assert.Equal(_undisturbed.Written("counts"), before.Written("counts").Concat(after.Written(counts)));
        Assert.Equal(_undisturbed.Written("sums"), before.Written("sums").Concat(after.Written("sums")));
    }

    private string[] Bytes() =>
        [.. Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{file} {Convert.ToHexString(File.ReadAllBytes(file))}")];
}
