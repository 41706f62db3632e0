using System.Diagnostics;
using System.Text;
using Cep.Cli.Tests;
using Cep.Engine.Connectors.EventLogs;
using Xunit;

namespace Cep.Engine.Tests.Connectors.EventLogs;

/// <summary>A process that appends and is killed at random moments: whatever it told before is in the log.</summary>
public sealed class EventLogKillTests : IDisposable
{
    private const int Lives = 6;

    private readonly LogBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void What_a_killed_process_was_told_is_there()
    {
        var random = new Random(1);
        var told = new SortedDictionary<long, string>();
        for (int life = 0; life < Lives; life++)
        {
            // The moment is a number of answers, and where in the writing that follows the signal comes.
            Kill(life, answers: random.Next(1, 400), spins: random.Next(200_000), told);
            using EventLog log = _bed.Open();
            List<string> read = LogBed.Read(log);
            Assert.All(told, t => Assert.Equal(t.Value, read[(int)t.Key]));
            CheckBatches(read);
        }

        Assert.InRange(told.Count, Lives, int.MaxValue);
        Assert.InRange(_bed.Files.Length, 2, int.MaxValue);
    }

    /// <summary>Lets the program append until it has told so much, kills it, and takes all that it has told.</summary>
    private void Kill(int life, int answers, int spins, SortedDictionary<long, string> told)
    {
        using Process process = DotnetProcess.Start(_bed.Path, new Dictionary<string, string?>(), [Path.Combine(AppContext.BaseDirectory, "LogAppender.dll"), _bed.Path, $"{life}"]);
        for (int i = 0; i < answers; i++) Take(process.StandardOutput.ReadLine(), told);
        Thread.SpinWait(spins);
        process.Kill();
        string[] rest = process.StandardOutput.ReadToEnd().Split('\n');
        process.WaitForExit();
        foreach (string line in rest.SkipLast(1)) Take(line, told);
    }

    /// <summary>A line is an offset, and the entry that the program was told is there.</summary>
    private static void Take(string? line, SortedDictionary<long, string> told)
    {
        Assert.False(string.IsNullOrEmpty(line), "The program has ended by itself.");
        int space = line.IndexOf(' ');
        told.Add(long.Parse(line.AsSpan(0, space)), line[(space + 1)..]);
    }

    /// <summary>An entry is <c>life.caller.batch place/size …</c>: of a batch all entries are there, together.</summary>
    private static void CheckBatches(List<string> read)
    {
        for (int at = 0; at < read.Count;)
        {
            string name = read[at].Split(' ')[0];
            int size = int.Parse(read[at].Split(' ')[1].Split('/')[1]);
            for (int i = 0; i < size; i++) Assert.StartsWith($"{name} {i}/{size} ", read[at + i]);
            at += size;
        }
    }
}
