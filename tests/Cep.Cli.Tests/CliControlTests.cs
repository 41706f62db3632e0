using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Cep.Cli.Control;
using Cep.Cli.Tests.Kill;
using Xunit;

namespace Cep.Cli.Tests;

/// <summary>Runs that are stopped, asked and gone on with while they work.</summary>
public sealed class CliControlTests : IClassFixture<CliControlTests.Days>, IDisposable
{
    private readonly Days _days;
    private readonly TemporaryFolder _folder = new();
    private readonly FraudRun _run;

    public CliControlTests(Days days) => (_days, _run) = (days, new FraudRun(days.Events, _folder.FullName));

    public void Dispose() => _folder.Dispose();

    private async Task<(Process Process, T Result)> AtFirstCheckpoint<T>(Func<Process, Task<T>> act)
    {
        // Looked for, not waited for: a notice of the file system can fail to come.
        var process = _run.Start("20ms");
        while (!File.Exists(Path.Combine(_run.Checkpoints, "latest")))
        {
            Assert.False(process.HasExited, "The run has ended, and took no checkpoint.");
            await Task.Yield();
        }
        return (process, await act(process));
    }

    private void CheckGoesOnToTheEnd(int parallelism = 2, params string[] more)
    {
        var result = DotnetProcess.ToEnd(_run.Start("10s", parallelism, more));

        Assert.Equal(0, result.ExitCode);
        Assert.Null(_run.DifferenceTo(_days.Undisturbed));
    }

    /// <summary>Each line of a partial match says what it has, since when, what it waits for, and until when: six hours later.</summary>
    private static void CheckPartialMatches(string savepoint)
    {
        var page = CepProcess.Run("state", "show", savepoint, "--rule", "impossible_travel").OutputLines;
        Assert.Matches("^[0-9]+ partial matche?s? of impossible_travel, [0-9]+ keys?$", page[0]);
        var line = Regex.Match(page[2], "^    has here \\(1 of 2\\) since (.*); waits for there until (.*)$");
        Assert.Equal(DateTimeOffset.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture).AddHours(6), DateTimeOffset.Parse(line.Groups[2].Value, CultureInfo.InvariantCulture));

        var key = page[1].Trim();
        var alone = CepProcess.Run("state", "show", savepoint, "--rule", "impossible_travel", "--key", key).OutputLines;
        Assert.Equal([$"1 partial match of impossible_travel, key {key}", page[1], page[2]], alone);
    }

    [Fact]
    public async Task A_terminated_run_takes_a_last_checkpoint_and_the_same_command_goes_on()
    {
        var (process, _) = await AtFirstCheckpoint(p => Task.FromResult(Process.Start("kill", ["-TERM", $"{p.Id}"])));
        using (process)
        {
            var result = DotnetProcess.ToEnd(process);
            Assert.Equal(143, result.ExitCode);
            Assert.Matches(@"Stopped\. The same command goes on from checkpoint \d+ of [\d: -]+\.\n$", result.Error);
        }

        CheckGoesOnToTheEnd();
    }

    [Fact]
    public async Task A_run_is_stopped_with_a_savepoint_of_where_it_stops_and_others_begin_there()
    {
        var (process, reply) = await AtFirstCheckpoint(_ => ControlClient.AskAsync(_run.Checkpoints, new ControlRequest(_folder["savepoint"], Stop: true)));
        using (process)
        {
            var result = DotnetProcess.ToEnd(process);
            Assert.Equal((0, null), (result.ExitCode, reply.Problem));
            Assert.Equal(reply.Savepoint!.Events, reply.StoppedAt!.Events);
        }

        Assert.Equal(["manifest.json", "segments"], Directory.GetFileSystemEntries(_folder["savepoint"]).Select(Path.GetFileName).Order());
        CheckPartialMatches(_folder["savepoint"]);
        Directory.Move(_folder["savepoint"], _folder["moved"]);
        Directory.Delete(_run.Checkpoints, recursive: true);
        CheckGoesOnToTheEnd(parallelism: 3, "--from", _folder["moved"]);
    }

    [Fact]
    public async Task A_savepoint_of_a_run_leaves_it_as_it_was_and_the_folder_of_another_is_refused()
    {
        var (process, replies) = await AtFirstCheckpoint(async _ =>
        {
            var request = new ControlRequest(_folder["savepoint"], Stop: false);
            return (First: await ControlClient.AskAsync(_run.Checkpoints, request), Second: await ControlClient.AskAsync(_run.Checkpoints, request));
        });
        using (process)
        {
            Assert.Equal(0, DotnetProcess.ToEnd(process).ExitCode);
            Assert.Null(_run.DifferenceTo(_days.Undisturbed));
        }

        Assert.Null(replies.First.Problem);
        Assert.Equal($"The folder {_folder["savepoint"]} is not empty. A savepoint needs a folder of its own.", replies.Second.Problem);
        var page = CepProcess.Run("state", "show", _folder["savepoint"]);
        Assert.StartsWith($"Savepoint {replies.First.Savepoint!.Id} in {_folder["savepoint"]}, taken at ", page.Output);
        Assert.Contains($"Inputs: {replies.First.Savepoint.Events:N0} events read, watermark 2026-", page.Output);
    }

    [Fact]
    public async Task The_socket_of_a_killed_run_is_in_nobodys_way()
    {
        var (process, _) = await AtFirstCheckpoint(p =>
        {
            p.Kill();
            return p.WaitForExitAsync().ContinueWith(_ => true);
        });
        process.Dispose();
        Assert.True(File.Exists(ControlSocket.PathOf(_run.Checkpoints)));

        var asked = CepProcess.Run("stop", _run.Checkpoints);
        Assert.Equal((2, $"error: No `cep run` is running with the checkpoint folder `{_run.Checkpoints}`.\n"), (asked.ExitCode, asked.Error[..(asked.Error.IndexOf('\n') + 1)]));
        CheckGoesOnToTheEnd();
        Assert.False(File.Exists(ControlSocket.PathOf(_run.Checkpoints)));
    }

    [Fact]
    public void A_folder_with_a_long_path_has_its_socket_elsewhere()
    {
        var path = ControlSocket.PathOf("/" + new string('d', 200));

        Assert.StartsWith(Path.GetTempPath(), path);
        Assert.Equal(path, ControlSocket.PathOf("/" + new string('d', 200) + "/"));
    }

    /// <summary>The input, long enough to be asked something before its end, and what comes of it.</summary>
    public sealed class Days : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Days()
        {
            Undisturbed = new FraudRun(Events, _folder.FullName);
            DotnetProcess.ToEnd(Undisturbed.Start(interval: null));
        }

        public FraudDays Events { get; } = new(60);

        internal FraudRun Undisturbed { get; }

        public void Dispose()
        {
            Events.Dispose();
            _folder.Dispose();
        }
    }
}
