using System.Diagnostics;
using Xunit;

namespace Cep.Cli.Tests.Kill;

/// <summary>Kills runs at random moments, and starts them again until they are done.</summary>
/// <param name="lastingMs">About how long a run lasts; one that is killed at any time is killed within that.</param>
internal sealed class Killer(int lastingMs)
{
    private const int KillsMax = 3;

    // So many, up to one less, are let pass before a run is killed in one: there are several parts to a checkpoint.
    private static readonly Dictionary<RunMoment, int> MomentsMax = new()
    {
        [RunMoment.AnyTime] = 1, [RunMoment.WhileWriting] = 20, [RunMoment.WhenComplete] = 4, [RunMoment.WhileCommitting] = 8, [RunMoment.WhileStaging] = 12,
    };

    private readonly Dictionary<RunMoment, int> _kills = Enum.GetValues<RunMoment>().ToDictionary(m => m, _ => 0);
    private int _goneOn;

    /// <summary>Starts a run again and again; one to three of them are killed.</summary>
    /// <param name="start">Starts it.</param>
    /// <param name="folder">Where its outputs and checkpoints lie.</param>
    /// <param name="random">Decides when.</param>
    public void KillUntilDone(Func<Process> start, string folder, Random random)
    {
        for (var kills = random.Next(1, KillsMax + 1); ; kills--)
        {
            var moment = (RunMoment)random.Next(_kills.Count);
            using var process = start();
            var hasKilled = false;
            using var watch = kills > 0 ? new RunWatch(folder, moment, random.Next(1, MomentsMax[moment] + 1), Kill) : null;
            if (kills > 0 && moment == RunMoment.AnyTime && !process.WaitForExit(random.Next(lastingMs)))
                Kill();
            var result = DotnetProcess.ToEnd(process);
            _goneOn += result.Error.Contains("going on from checkpoint", StringComparison.Ordinal) ? 1 : 0;
            if (hasKilled)
            {
                _kills[moment]++;
                continue;
            }
            Assert.True(result.ExitCode == 0, result.Error);
            return;

            void Kill()
            {
                if (process.HasExited)
                    return;
                hasKilled = true;
                process.Kill();
            }
        }
    }

    /// <summary>Fails where every run began anew, or some moment never came.</summary>
    public void CheckWorth()
    {
        Assert.True(_goneOn > 0, "No run went on from a checkpoint.");
        Assert.True(_kills.Values.All(k => k > 0), $"Some moment never came: {this}");
    }

    public override string ToString() => $"kills: {string.Join(", ", _kills.Select(k => $"{k.Value} {k.Key}"))}; {_goneOn} runs went on from a checkpoint";
}
