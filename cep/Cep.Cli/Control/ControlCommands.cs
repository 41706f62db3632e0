using System.CommandLine;
using Cep.Cli.Run;
using Cep.Cli.Terminal;

namespace Cep.Cli.Control;

/// <summary><c>cep savepoint</c> and <c>cep stop</c>: what can be asked of a run while it lasts.</summary>
internal static class ControlCommands
{
    private static readonly Help SavepointHelp = new(
        """
        A savepoint is a folder that stands for itself: it may be moved, copied and
        kept, and any number of runs can begin from it with `cep run --from`, also
        with another --parallelism. The run does not stop for it.
        """,
        [("cep savepoint state/ savepoints/monday", "of the run with `--checkpoint state/`")],
        [
            (ExitCode.Ok, "the savepoint is complete"),
            (ExitCode.WrongUsage, "wrong usage, or nothing runs with that checkpoint folder"),
            (ExitCode.RunFailed, "the savepoint could not be taken; the run goes on"),
        ]);

    private static readonly Help StopHelp = new(
        """
        Ends a run as SIGTERM does: what was read is processed and written, and a last
        checkpoint is taken. The same `cep run` goes on from there. The run ends with
        code 0, so that whoever restarts what fails leaves it alone.

        With --savepoint there is a savepoint too, of exactly where the run stops.
        """,
        [
            ("cep stop state/", "the run with `--checkpoint state/`"),
            ("cep stop state/ --savepoint savepoints/monday", "and a savepoint of where it stops"),
        ],
        [
            (ExitCode.Ok, "the run has ended"),
            (ExitCode.WrongUsage, "wrong usage, or nothing runs with that checkpoint folder"),
            (ExitCode.RunFailed, "the savepoint could not be taken, or the run failed"),
        ]);

    public static Command CreateSavepoint()
    {
        var folder = Folder();
        var target = new Argument<string>("TARGET") { Description = "The folder of the savepoint; made if it is not there, else empty." };
        var command = new DocumentedCommand("savepoint", "Takes a savepoint of a run.", SavepointHelp) { folder, target };
        command.SetAction((result, _) => AskAsync(result.GetRequiredValue(folder), result.GetRequiredValue(target), stop: false));
        return command;
    }

    public static Command CreateStop()
    {
        var folder = Folder();
        var savepoint = new Option<string?>("--savepoint") { HelpName = "TARGET", Description = "Takes a savepoint too, into this folder: made if it is not there, else empty." };
        var command = new DocumentedCommand("stop", "Stops a run, so that it can go on later.", StopHelp) { folder, savepoint };
        command.SetAction((result, _) => AskAsync(result.GetRequiredValue(folder), result.GetValue(savepoint), stop: true));
        return command;
    }

    private static Argument<string> Folder() => new("DIR") { Description = "The checkpoint folder of the run." };

    private static async Task<int> AskAsync(string folder, string? target, bool stop)
    {
        var style = TextStyle.OfError;
        try
        {
            var request = new ControlRequest(target is null ? null : Path.GetFullPath(target), stop);
            var reply = await ControlClient.AskAsync(folder, request).ConfigureAwait(false);
            if (reply.Savepoint is { } savepoint)
                Console.WriteLine($"savepoint {savepoint.Id} in {target}: {CheckpointWords.Count(savepoint.Events, "event")} read, {CheckpointWords.Size(savepoint.Bytes)}");
            if (reply.Problem is { } problem)
            {
                Console.Error.WriteLine($"{style.Red("error")}: {problem}");
                return ExitCode.RunFailed;
            }
            if (stop)
                Console.WriteLine(Stopped(reply.StoppedAt));
            return ExitCode.Ok;
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"{style.Red("error")}: the run did not answer: {e.Message}");
            return ExitCode.RunFailed;
        }
    }

    private static string Stopped(TakenSnapshot? at) => at is null
        ? "the run had come to the end of its input"
        : $"stopped at checkpoint {at.Id} of {CheckpointWords.Time(at.CreatedMs, TimeProvider.System)}: {CheckpointWords.Count(at.Events, "event")} read; the same `cep run` goes on from there";
}
