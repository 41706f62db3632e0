using System.CommandLine;
using Cep.Cli.Terminal;
using Cep.Engine.Checkpoints;
using Cep.Language.Text;

namespace Cep.Cli.State;

/// <summary><c>cep state show</c>: what lies in a checkpoint or savepoint.</summary>
internal static class StateCommand
{
    private static readonly Help ShowHelp = new(
        """
        PATH is a savepoint, or a checkpoint folder, of which the newest checkpoint that
        is whole is shown; a run may be using it meanwhile. Every byte is verified.

        The page says how far each input was read, and what each operator remembers:
        its states with their entries and bytes. With --operator it shows entries too.
        """,
        [
            ("cep state show state/", "where does the run stand?"),
            ("cep state show savepoints/monday --operator rules", "what do the rules remember?"),
        ],
        [
            (ExitCode.Ok, "told"),
            (ExitCode.WrongUsage, "wrong usage, or there is no checkpoint and no savepoint"),
            (ExitCode.RunFailed, "it is damaged, or cannot be read"),
        ]);

    public static Command Create() => new("state", "Shows what runs remember.") { CreateShow() };

    private static Command CreateShow()
    {
        var path = new Argument<string>("PATH") { Description = "A savepoint, or a checkpoint folder." };
        var uid = new Option<string?>("--operator") { HelpName = "UID", Description = "Shows this operator alone, with its entries." };
        var command = new DocumentedCommand("show", "Shows a checkpoint or savepoint.", ShowHelp) { path, uid };
        command.SetAction(result => Show(result.GetRequiredValue(path), result.GetValue(uid)));
        return command;
    }

    private static int Show(string path, string? uid)
    {
        try
        {
            var location = StateLocation.OpenAsync(path).Await();
            var page = new StatePage(location, TextStyle.OfOutput);
            Console.Out.Write(uid is null ? page.All(path) : page.One(Known(uid, location.Snapshot.Manifest)));
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is CorruptSnapshotException or SnapshotVersionException or CheckpointStoreException)
        {
            Console.Error.WriteLine($"{TextStyle.OfError.Red("error")}: {e.Message}");
            return ExitCode.RunFailed;
        }
    }

    private static string Known(string uid, Manifest manifest)
    {
        var uids = manifest.Operators.Select(o => o.Uid).ToList();
        if (uids.Contains(uid))
            return uid;
        var nearest = EditDistance.Nearest(uid, uids);
        throw new UsageException(nearest is not null ? $"There is no state of an operator `{uid}`; did you mean `{nearest}`?"
            : $"There is no state of an operator `{uid}`; there is that of {string.Join(", ", uids.Select(u => $"`{u}`"))}.");
    }
}
